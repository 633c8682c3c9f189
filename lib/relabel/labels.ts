import { byBytes } from "../config/go-text.ts";

/**
 * Labels of one target from relabelling on: names are unique, no value is empty, since an empty label is an absent one,
 * and every text is well-formed. A map and no object, because any text may be a name, `__proto__` and `1` as well.
 */
export type Labels = ReadonlyMap<string, string>;

/** What a scraped series carries and users see: everything but the names that begin with `__`. */
export const publicLabels = (labels: Labels): Map<string, string> => {
  const shown = new Map<string, string>();
  for (const [name, value] of labels) if (!name.startsWith("__")) shown.set(name, value);
  return shown;
};

/** Sorts names in place as Prometheus shows them, by their bytes. UTF-16 sorts as bytes of UTF-8 do, unless code points beyond its first plane are among them. */
export const sortNames = (names: string[]): string[] =>
  names.some((name) => surrogate.test(name)) ? names.sort(byBytes) : names.sort();

/**
 * A sortNames that remembers its last work and leaves the names as they are: targets beside each other mostly have the same labels, and to see that
 * takes a tenth of sorting them. Names that are not wanted are left out.
 */
export const createNameSorter = (
  isWanted: (name: string) => boolean = () => true,
): ((names: readonly string[]) => readonly string[]) => {
  let before: readonly string[] = [];
  let sorted: readonly string[] = [];
  return (names) => {
    if (!areEqual(names, before)) {
      before = [...names];
      sorted = sortNames(names.filter(isWanted));
    }
    return sorted;
  };
};

const areEqual = (some: readonly string[], others: readonly string[]): boolean => {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
};

const surrogate = /[\ud800-\udfff]/;

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

const surrogate = /[\ud800-\udfff]/;

import type { TargetState } from "./find.ts";

/** A target as `/api/v1/search` shows it. Labels in their own order. */
export interface ShownTarget {
  readonly job: string;
  readonly state: TargetState;
  readonly provider: string;
  readonly cluster: string;
  readonly source: string;
  /** Why it is not active; empty where it is. */
  readonly reason: string;
  /** Empty where it is not active. */
  readonly scrapeUrl: string;
  readonly discoveredLabels: Iterable<readonly [string, string]>;
  readonly labels: Iterable<readonly [string, string]>;
}

/**
 * Many targets in a tenth of the bytes, since most of their texts are each other's: `strings` has every text once, `names`
 * the label names of each kind of label set, and a target is places in these: of job, state, provider, cluster, source,
 * reason and scrape URL in `strings`, of the discovered and the final labels' names in `names`, then the values of both
 * in `strings`.
 */
export interface CompactTargets {
  readonly strings: readonly string[];
  readonly names: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
}

export const compactTargets = (shown: Iterable<ShownTarget>): CompactTargets => {
  const strings = new Map<string, number>();
  const kinds = new Map<string, Kind>();
  const placeOf = (text: string): number => {
    const known = strings.get(text);
    if (known !== undefined) return known;
    strings.set(text, strings.size);
    return strings.size - 1;
  };
  const kindOf = (names: readonly string[]): Kind => {
    const places = names.map(placeOf);
    const key = places.join();
    const kind = kinds.get(key) ?? { place: kinds.size, names, places };
    kinds.set(key, kind);
    return kind;
  };
  /** Appends the values. Most label sets have the names of the one before, and many of its values at the same places. */
  const createSplit = () => {
    let before: Kind | undefined;
    const texts: string[] = [];
    const places: number[] = [];
    return (labels: ShownTarget["labels"], row: number[]): Kind => {
      const names: string[] = [];
      let isAlike = before !== undefined;
      for (const [name, value] of labels) {
        const at = names.length;
        isAlike &&= before?.names[at] === name;
        names.push(name);
        if (texts[at] !== value) {
          texts[at] = value;
          places[at] = placeOf(value);
        }
        row.push(places[at]!);
      }
      if (before === undefined || !isAlike || before.names.length !== names.length) before = kindOf(names);
      return before;
    };
  };
  const [splitDiscovered, splitFinal] = [createSplit(), createSplit()];
  const targets = Array.from(shown, (target) => {
    const { job, state, provider, cluster, source, reason, scrapeUrl } = target;
    const row = [job, state, provider, cluster, source, reason, scrapeUrl].map(placeOf);
    const kindsAt = row.push(0, 0) - 2;
    row[kindsAt] = splitDiscovered(target.discoveredLabels, row).place;
    row[kindsAt + 1] = splitFinal(target.labels, row).place;
    return row;
  });
  return { strings: [...strings.keys()], names: Array.from(kinds.values(), ({ places }) => places), targets };
};

/** The label names of a label set, in their order. */
interface Kind {
  readonly place: number;
  readonly names: readonly string[];
  readonly places: readonly number[];
}

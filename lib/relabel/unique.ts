import type { Labels } from "./labels.ts";

/** `From` is whatever the caller knows a discovered target by. */
export interface ActiveTarget<From> {
  readonly labels: Labels;
  /** Of several targets with equal final labels the last, as Prometheus shows it. */
  readonly origin: From;
  /** How many discovered targets became this one. */
  readonly count: number;
}

/**
 * Keeps one target of those with equal final labels (spec/prometheus-sd.md §1.4). Prometheus compares the URL as well, which
 * within a job follows from the labels. Only targets at one address can be equal, and few share theirs; where many do,
 * as behind a prober, they are told apart by a key.
 */
export const createUniqueTargets = <From>() => {
  type Unique = Mutable<ActiveTarget<From>>;
  const targets: Unique[] = [];
  const byAddress = new Map<string, Unique[]>();
  const byKey = new Map<string, Unique>();

  const append = (neighbours: Unique[], target: Unique) => {
    targets.push(target);
    neighbours.push(target);
    if (neighbours.length < many) return;
    const unkeyed = neighbours.length === many ? neighbours : [target];
    for (const each of unkeyed) byKey.set(keyOf(each.labels), each);
  };

  return {
    targets,
    /** The target that is equal to an earlier one takes its place there; then that place and who had it are returned. */
    add: (
      labels: Labels,
      origin: From,
    ): { readonly target: ActiveTarget<From>; readonly replaced: From } | undefined => {
      const address = labels.get("__address__")!;
      const neighbours = byAddress.get(address) ?? [];
      const areMany = neighbours.length >= many;
      const twin = areMany
        ? byKey.get(keyOf(labels))
        : neighbours.find((each) => areEqual(each.labels, labels));
      if (twin !== undefined) {
        const replaced = twin.origin;
        twin.origin = origin;
        twin.count += 1;
        return { target: twin, replaced };
      }
      if (neighbours.length === 0) byAddress.set(address, neighbours);
      append(neighbours, { labels, origin, count: 1 });
      return undefined;
    },
  };
};

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const many = 4;

const areEqual = (some: Labels, others: Labels): boolean => {
  if (some.size !== others.size) return false;
  for (const [name, value] of some) if (others.get(name) !== value) return false;
  return true;
};

/** Equal for equal labels only. */
const keyOf = (labels: Labels): string => {
  let key = "";
  for (const [name, value] of labels) key += `${name.length}:${value.length}:${name}${value}`;
  return key;
};

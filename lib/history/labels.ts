import type { LabelSet, TargetGroup } from "../targetgroup/targetgroup.ts";

/** Names of labels that one side only has, or that have other values; sorted, cut after fifty each. */
export interface LabelChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export const noLabelChanges: LabelChanges = { added: [], removed: [], changed: [] };

/**
 * How the labels of a group's targets differ, those of the group and their own taken together. A label has changed when
 * the set of its values has; how many targets have which value is not looked at.
 */
export const labelChanges = (before: TargetGroup, after: TargetGroup): LabelChanges => {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  return {
    added: cut([...is.keys()].filter((name) => !was.has(name))),
    removed: cut([...was.keys()].filter((name) => !is.has(name))),
    changed: cut(
      [...is]
        .filter(([name, values]) => was.has(name) && !same(values, was.get(name)!))
        .map(([name]) => name),
    ),
  };
};

const mostNames = 50;
/** Characters: a hostile name must not make the entry too large for the table. */
const longestName = 100;

const cut = (names: readonly string[]): string[] =>
  names
    .toSorted()
    .slice(0, mostNames)
    .map((name) => (name.length > longestName ? `${name.slice(0, longestName)}…` : name));

type Values = Map<string, Set<string>>;

const valuesOf = (group: TargetGroup): Values => {
  const values: Values = new Map();
  add(values, group.labels);
  for (const target of group.targets) add(values, target);
  return values;
};

const add = (values: Values, labels: LabelSet) => {
  for (const name of Object.keys(labels)) {
    const known = values.get(name);
    if (known === undefined) values.set(name, new Set([labels[name]!]));
    else known.add(labels[name]!);
  }
};

const same = (a: ReadonlySet<string>, b: ReadonlySet<string>) => a.size === b.size && a.isSubsetOf(b);

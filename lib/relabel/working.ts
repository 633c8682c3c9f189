import type { LabelSet } from "../targetgroup/targetgroup.ts";
import { sortNames } from "./labels.ts";

/**
 * The labels of the target that is being relabelled: what it was given, and what rules changed. Most of what a target
 * is given no rule reads, so nothing is copied, and one working set serves a job's targets one after another.
 */
export interface Working {
  /** Empty for an absent label. */
  get(name: string): string;
  /** An empty value takes the label away. */
  set(name: string, value: string): void;
  /** The names of all labels that have a value. */
  names(): readonly string[];
  /** The same in Prometheus's order of setting them: a target's own, its group's, the defaults, those that rules added. */
  orderedNames(): readonly string[];
}

export interface ReusedWorking extends Working {
  /** Begins with another target. A label of its own hides the group's, an empty one too. */
  begin(target: LabelSet, group: LabelSet): void;
}

/** The labels as they are now, sorted by name. */
export const labelsNow = (
  working: Working,
  sorted: typeof sortedNames = sortedNames,
): Map<string, string> => {
  const labels = new Map<string, string>();
  for (const name of sorted(working.names())) labels.set(name.toWellFormed(), working.get(name));
  return labels;
};

const sortedNames = (names: readonly string[]): readonly string[] => sortNames([...names]);

/** Labels from elsewhere, to which nothing is added. */
export const workingWith = (labels: LabelSet): Working => {
  const working = createWorking(new Map());
  working.begin(labels, {});
  return working;
};

/** `defaults` are for labels without a value; none of them is empty. */
export const createWorking = (defaults: ReadonlyMap<string, string>): ReusedWorking => {
  const changes = new Map<string, string>();
  const defaultNames = [...defaults.keys()];
  let target: LabelSet = {};
  let group: LabelSet = {};
  /** The names of what was given, once somebody asked. */
  let givenNames: readonly string[] | undefined;
  /** The names of changed labels that were not given. */
  let added: string[] = [];
  let isAnyGone = false;

  const own = (name: string): string => textIn(target, name) ?? textIn(group, name) ?? "";
  const given = (name: string): string => own(name).toWellFormed() || (defaults.get(name) ?? "");

  const gather = (order: (names: string[]) => string[]): string[] => {
    const names: string[] = [];
    for (const name of order(Object.keys(target))) if (target[name] !== "") names.push(name);
    for (const name of order(Object.keys(group))) {
      if (group[name] !== "" && textIn(target, name) === undefined) names.push(name);
    }
    for (const name of defaultNames) if (own(name) === "") names.push(name);
    return names;
  };
  const present = (all: readonly string[]): readonly string[] => {
    const names = added.length === 0 ? all : [...all, ...added];
    return isAnyGone ? names.filter((name) => changes.get(name) !== "") : names;
  };

  return {
    begin: (ownLabels, groupLabels) => {
      target = ownLabels;
      group = groupLabels;
      if (changes.size > 0) changes.clear();
      givenNames = undefined;
      if (added.length > 0) added = [];
      isAnyGone = false;
    },
    get: (name) => changes.get(name) ?? given(name),
    set: (name, value) => {
      if (!changes.has(name) && given(name) === "") added.push(name);
      if (value === "") isAnyGone = true;
      changes.set(name, value);
    },
    names: () => {
      givenNames ??= gather((names) => names);
      return present(givenNames);
    },
    orderedNames: () => present(gather(sortNames)),
  };
};

/** One look instead of two: what any object has beside its own labels, such as `toString`, is no text. */
const textIn = (set: LabelSet, name: string): string | undefined => {
  const value: unknown = set[name];
  return typeof value === "string" ? value : undefined;
};

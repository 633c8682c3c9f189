import type { LabelSet } from "../targetgroup/targetgroup.ts";
import { compileRule, type Step } from "./action.ts";
import type { Labels } from "./labels.ts";
import type { Rule } from "./rule.ts";
import { labelsNow, type Working, workingWith } from "./working.ts";

/** What a job's rules make of labels, sorted by name; undefined when they drop the target. */
export const relabel = (labels: LabelSet, rules: readonly Rule[]): Labels | undefined => {
  const working = workingWith(labels);
  return droppingRule(working, compiledRules(rules)) === undefined ? labelsNow(working) : undefined;
};

/** Changes the labels by each rule in turn. Returns the index of the rule that drops the target; undefined when none does. */
export const droppingRule = (labels: Working, steps: readonly Step[]): number | undefined => {
  for (let index = 0; index < steps.length; index += 1) if (!steps[index]!(labels)) return index;
  return undefined;
};

/** A job's rules are compiled once, as long as its configuration lives. */
export const compiledRules = (rules: readonly Rule[]): readonly Step[] => {
  const known = compiled.get(rules);
  if (known !== undefined) return known;
  const steps = rules.map(compileRule);
  compiled.set(rules, steps);
  return steps;
};

const compiled = new WeakMap<readonly Rule[], readonly Step[]>();

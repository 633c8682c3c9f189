import type { LabelSet } from "../targetgroup/targetgroup.ts";
import { compiledRules } from "./apply.ts";
import type { Labels } from "./labels.ts";
import type { Rule } from "./rule.ts";
import { labelsNow, type Working, workingWith } from "./working.ts";

export interface RelabelStep {
  readonly rule: Rule;
  /** Sorted by name, as `after` is. */
  readonly before: Labels;
  /** None once the target is dropped. */
  readonly after: Labels;
  /** False for the rule that drops the target and for all behind it. */
  readonly keep: boolean;
}

/**
 * What each rule does to the labels, for `/api/v1/targets/relabel_steps` (spec/prometheus-sd.md §5). Nothing is defaulted and
 * nothing is taken away afterwards.
 */
export const relabelSteps = (labels: LabelSet, rules: readonly Rule[]): RelabelStep[] =>
  stepsOf(workingWith(labels), rules);

/** The same for a target that is being relabelled. */
export const stepsOf = (working: Working, rules: readonly Rule[]): RelabelStep[] => {
  const steps = compiledRules(rules);
  let before: Labels = labelsNow(working);
  let isKept = true;
  return rules.map((rule, index) => {
    isKept &&= steps[index]!(working);
    const step = { rule, before, after: isKept ? labelsNow(working) : nothing, keep: isKept };
    before = step.after;
    return step;
  });
};

const nothing: Labels = new Map();

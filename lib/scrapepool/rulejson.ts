import type { Rule } from "../relabel/rule.ts";

/** A rule by Prometheus's keys, in its order; what is empty and may be is left out. A modulus is exact, hence a bigint. */
export const ruleFields = (
  rule: Rule,
): readonly (readonly [string, string | bigint | readonly string[]])[] => [
  ...(rule.sourceLabels.length === 0 ? [] : [["source_labels", rule.sourceLabels] as const]),
  ["separator", rule.separator],
  ["regex", rule.regex],
  ...(rule.modulus === 0n ? [] : [["modulus", rule.modulus] as const]),
  ...(rule.targetLabel === "" ? [] : [["target_label", rule.targetLabel] as const]),
  ["replacement", rule.replacement],
  ["action", rule.action],
];

/** The same as JSON (spec §5, rule keys). */
export const ruleJson = (rule: Rule): string => {
  const members = ruleFields(rule).map(
    ([key, value]) => `"${key}":${typeof value === "bigint" ? value : JSON.stringify(value)}`,
  );
  return `{${members.join(",")}}`;
};

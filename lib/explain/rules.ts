import type { Job } from "../config/configuration.ts";
import { quoted } from "../config/go-text.ts";
import type { Labels } from "../relabel/labels.ts";
import type { Rule } from "../relabel/rule.ts";
import { populatorOf } from "../scrapepool/outcomes.ts";
import type { Found } from "./find.ts";
import { brief } from "./words.ts";

/** What one of a job's rules did to one target. */
export interface RuleTrace {
  /** Counted from 1, as people count. */
  readonly number: number;
  readonly rule: Rule;
  /** False for the rule that drops the target; those behind it are not told. */
  readonly keep: boolean;
  /** The labels that the rule reads or changes, as they were; the others stay as they are. */
  readonly before: Labels;
  /** The same labels behind the rule; none once the target is dropped. */
  readonly after: Labels;
}

export const traceRules = (job: Job, { entry: { group }, index }: Found): RuleTrace[] => {
  const traces: RuleTrace[] = [];
  for (const { rule, before, after, keep } of populatorOf(job).steps(group.targets[index]!, group.labels)) {
    const read = new Set([...rule.sourceLabels, rule.targetLabel]);
    const isTold = (name: string) => read.has(name) || (keep && before.get(name) !== after.get(name));
    const told = new Set([...before.keys(), ...after.keys()].filter(isTold));
    traces.push({
      number: traces.length + 1,
      rule,
      keep,
      before: only(before, told),
      after: only(after, told),
    });
    if (!keep) break;
  }
  return traces;
};

/** `rule 2 (keep, source_labels [a, b], regex "true")`. */
export const ruleText = (job: Pick<Job, "relabelConfigs">, index: number): string => {
  const rule = job.relabelConfigs[index];
  if (rule === undefined) return `rule ${index + 1}`;
  const { action, sourceLabels, regex, targetLabel } = rule;
  const isEqual = action === "keepequal" || action === "dropequal";
  const about = [
    ...(sourceLabels.length === 0 ? [] : [`source_labels [${sourceLabels.join(", ")}]`]),
    isEqual ? `target_label ${targetLabel}` : `regex ${quoted(brief(regex))}`,
  ];
  return `rule ${index + 1} (${action}, ${about.join(", ")})`;
};

/** What the rule that dropped a target saw of it: its source labels, joined. */
export const seenBy = (
  job: Job,
  { entry: { group }, index }: Found,
  { rule: number }: { rule: number },
): string => {
  const { rule, before } = populatorOf(job).steps(group.targets[index]!, group.labels)[number] ?? {};
  if (rule === undefined || before === undefined) return "";
  return rule.sourceLabels.map((name) => before.get(name) ?? "").join(rule.separator);
};

/** Whether the job's rules may give a target another host; the usual recipe only gives it another port. */
export const writesHost = ({ relabelConfigs }: Pick<Job, "relabelConfigs">): boolean =>
  relabelConfigs.some((rule) => mayWriteAddress(rule) && !keepsHost(rule));

const mayWriteAddress = ({ action, targetLabel, regex, replacement }: Rule): boolean => {
  // What a discovered label's name may end in cannot begin with an underscore.
  if (action === "labelmap") return `${regex}${replacement}`.includes("__address__");
  const [literal = ""] = targetLabel.split("$", 1);
  return literal === targetLabel ? literal === "__address__" : "__address__".startsWith(literal);
};

const keepsHost = ({ action, sourceLabels, regex, replacement }: Rule): boolean =>
  action === "replace" &&
  sourceLabels[0] === "__address__" &&
  /^\((?:\[\^:\][+*]|\.[+*]\??)\)(?:\(\?:)?(?::|;|$)/.test(regex) &&
  /^\$(?:1|\{1\})(?::|$)/.test(replacement);

/** In their own order, which is by name. */
const only = (labels: Labels, names: ReadonlySet<string>): Labels =>
  new Map([...labels].filter(([name]) => names.has(name)));

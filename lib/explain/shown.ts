import { publicLabels } from "../relabel/labels.ts";
import { scrapeUrl } from "../relabel/url.ts";
import { populatorOf } from "../scrapepool/outcomes.ts";
import type { ExplainedTarget, JobWorld } from "./answer.ts";
import type { Judged } from "./judge.ts";
import { type RuleTrace, traceRules } from "./rules.ts";

/** Of more there is only the number: an answer is for people. */
export const mostShown = 50;

/** These targets as an answer shows them, as far as their labels fit. */
export const shown = (judged: readonly Judged[], world: JobWorld): ExplainedTarget[] => {
  const targets: ExplainedTarget[] = [];
  let text = 0;
  for (const one of judged) {
    const target = explained(one, world, targets.length < mostTraced);
    text += lengthOf(target);
    if (text > world.allowance && targets.length > 0) return targets;
    targets.push(target);
  }
  return targets;
};

const mostTraced = 10;

const explained = (one: Judged, { job }: JobWorld, isTraced: boolean): ExplainedTarget => {
  const { outcome, entry, index, provider, reason } = one;
  const { group, source } = entry;
  const active = outcome.state === "active" ? outcome.labels : undefined;
  return {
    provider: provider.id,
    source,
    discovered: populatorOf(job).discovered(group.targets[index]!, group.labels),
    labels: active === undefined ? new Map() : publicLabels(active),
    scrapeUrl: active === undefined ? "" : scrapeUrl(active, job.params),
    reason,
    rules: isTraced ? traceRules(job, one) : [],
  };
};

/** Characters of labels: annotations may be hundreds of kilobytes. */
const lengthOf = ({ discovered, labels, rules }: ExplainedTarget): number => {
  const traced = rules.flatMap(({ before, after }: RuleTrace) => [before, after]);
  let length = 0;
  for (const one of [discovered, labels, ...traced]) {
    for (const [name, value] of one) length += name.length + value.length;
  }
  return length;
};

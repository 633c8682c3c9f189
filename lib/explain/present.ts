import type { Answer, JobWorld } from "./answer.ts";
import { discoveredAddress, type FoundTargets } from "./find.ts";
import type { Judged } from "./judge.ts";
import { objectText } from "./objects.ts";
import { stepsOf } from "./presentsteps.ts";
import { readText } from "./readtext.ts";
import type { Reason } from "./reason.ts";
import { ruleText, seenBy } from "./rules.ts";
import { mostShown, shown } from "./shown.ts";
import { type Tally, tally } from "./tally.ts";
import { brief, counted, moment } from "./words.ts";

/** What becomes of targets that were discovered: all that the job's rules, a shard and the door do to them. */
export const explainPresent = (found: FoundTargets, world: JobWorld): Answer => {
  const counted = tally(found, world, mostShown);
  const { missed, served } = counted;
  const verdict = missed === undefined ? "served" : served > 0 ? "partly" : "not served";
  const reason = missed?.reason ?? worst(counted);
  return {
    job: world.job.name,
    verdict,
    reason,
    sentence: sentenceFor(counted, reason, world),
    steps: stepsOf(counted, world),
    targetCount: counted.count,
    targets: shown(counted.samples, world),
  };
};

const worst = ({ firstOf }: Tally): Reason =>
  (["served_guarded", "served_stale"] as const).find((one) => firstOf.has(one)) ?? "served";

const sentenceFor = (told: Tally, reason: Reason, world: JobWorld): string => {
  const { count, served, missed } = told;
  const subject = subjectOf(told, world);
  const job = `job ${brief(world.job.name)}`;
  if (missed === undefined) {
    const how = `${subject} is served to ${job} as ${counted(served, "target")}`;
    return `${how}${caveat(told, reason, world)}; ${readText(world.readers, world.now)}.`;
  }
  const why = whyNot(missed, world);
  if (served === 0) return `${subject} is not served to ${job}: ${why}.`;
  const rest = count - served;
  return `${served} of ${counted(count, "target")} of ${subject} are served to ${job}, ${rest} ${rest === 1 ? "is" : "are"} not: ${why}.`;
};

const subjectOf = ({ first }: Tally, { question }: JobWorld): string => {
  const isOne = first?.object !== undefined && question.about === "object";
  return brief(isOne ? objectText(first.object) : question.text);
};

const whyNot = (missed: Judged, world: JobWorld): string => {
  const address = brief(discoveredAddress(missed)) || "a target without an address";
  const { outcome, shard } = missed;
  if (outcome.state === "dropped") {
    const saw = `which saw ${JSON.stringify(brief(seenBy(world.job, missed, outcome)))}`;
    const { sourceLabels = [] } = world.job.relabelConfigs[outcome.rule] ?? {};
    const seen = sourceLabels.length === 0 ? "" : `, ${saw}`;
    return `${address} is dropped by relabel ${ruleText(world.job, outcome.rule)}${seen}`;
  }
  if (outcome.state === "failed") return `${address} cannot be scraped: ${brief(outcome.error)}`;
  if (missed.reason === "other_shard") {
    return `${address} is in shard ${shard} of ${world.shard?.of}, not in shard ${world.shard?.index}`;
  }
  return `no list of the job is given out yet, since ${world.withheld}`;
};

const caveat = ({ firstOf }: Tally, reason: Reason, world: JobWorld): string => {
  const first = firstOf.get(reason);
  if (first === undefined || reason === "served") return "";
  if (reason === "served_stale") {
    return `, as it was last seen, since ${first.trouble?.detail ?? "the last look failed"}`;
  }
  const guard = world.statuses.get(first.provider.id)?.guard;
  const since = guard === undefined ? "" : ` since ${moment(guard.since)}`;
  return `, though it may be gone: the guard holds back the removal of ${counted(guard?.sources ?? 0, "group")} of ${first.provider.id}${since}`;
};

import type { Answer, JobWorld } from "./answer.ts";
import { discoveredAddress, type FoundTargets } from "./find.ts";
import { createJudge, isServed, type Judged } from "./judge.ts";
import { objectText } from "./objects.ts";
import { stepsOf } from "./presentsteps.ts";
import { readText } from "./readtext.ts";
import type { Reason } from "./reason.ts";
import { ruleText, seenBy } from "./rules.ts";
import { shown } from "./shown.ts";
import { brief, counted, moment } from "./words.ts";

/** What becomes of targets that were discovered: all that the job's rules, a shard and the door do to them. */
export const explainPresent = (found: FoundTargets, world: JobWorld): Answer => {
  const judged = [...found].flatMap(([id, targets]) => {
    const provider = world.providers.find((one) => one.id === id);
    return provider === undefined ? [] : targets.map(createJudge(provider, world));
  });
  const served = judged.filter(isServed);
  const missed = judged.find((one) => !isServed(one));
  const verdict = missed === undefined ? "served" : served.length > 0 ? "partly" : "not served";
  const reason = missed?.reason ?? worst(served);
  return {
    job: world.job.name,
    verdict,
    reason,
    sentence: sentenceFor({ judged, served, missed, reason }, world),
    steps: stepsOf(judged, world),
    targetCount: judged.length,
    targets: shown(judged, world),
  };
};

const worst = (served: readonly Judged[]): Reason =>
  (["served_guarded", "served_stale"] as const).find((one) => served.some(({ reason }) => reason === one)) ??
  "served";

interface Told {
  readonly judged: readonly Judged[];
  readonly served: readonly Judged[];
  readonly missed: Judged | undefined;
  readonly reason: Reason;
}

const sentenceFor = (told: Told, world: JobWorld): string => {
  const { judged, served, missed } = told;
  const subject = subjectOf(judged, world);
  const job = `job ${brief(world.job.name)}`;
  if (missed === undefined) {
    const how = `${subject} is served to ${job} as ${counted(served.length, "target")}`;
    return `${how}${caveat(told, world)}; ${readText(world.readers, world.now)}.`;
  }
  const why = whyNot(missed, world);
  if (served.length === 0) return `${subject} is not served to ${job}: ${why}.`;
  const rest = judged.length - served.length;
  return `${served.length} of ${counted(judged.length, "target")} of ${subject} are served to ${job}, ${rest} ${rest === 1 ? "is" : "are"} not: ${why}.`;
};

const subjectOf = (judged: readonly Judged[], { question }: JobWorld): string => {
  const [first] = judged;
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

const caveat = ({ reason, served }: Told, world: JobWorld): string => {
  const first = served.find((one) => one.reason === reason);
  if (first === undefined || reason === "served") return "";
  if (reason === "served_stale") {
    return `, as it was last seen, since ${first.trouble?.detail ?? "the last look failed"}`;
  }
  const guard = world.statuses.get(first.provider.id)?.guard;
  const since = guard === undefined ? "" : ` since ${moment(guard.since)}`;
  return `, though it may be gone: the guard holds back the removal of ${counted(guard?.sources ?? 0, "group")} of ${first.provider.id}${since}`;
};

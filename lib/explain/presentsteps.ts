import type { Provider } from "../discovery/provider.ts";
import type { JobWorld } from "./answer.ts";
import { isServed, type Judged } from "./judge.ts";
import { readText } from "./readtext.ts";
import { fine, road, type Step, type StepName, unknown, wrong } from "./reason.ts";
import { ruleText } from "./rules.ts";
import type { Trouble } from "./trouble.ts";
import { ago, brief, counted, few, moment } from "./words.ts";

/** The whole road of targets that were found. */
export const stepsOf = (judged: readonly Judged[], world: JobWorld): Step[] => {
  const providers = [...new Set(judged.map(({ provider }) => provider))];
  const trouble = judged.find((one) => one.trouble !== undefined)?.trouble;
  return road({
    ...reachedSteps(trouble, providers, world),
    listed: fine(`found by ${few(providers.map(({ id }) => id))}`),
    built: fine(builtText(judged)),
    relabelled: relabelledStep(judged, world),
    guarded: guardedStep(providers, world),
    sharded: shardedStep(judged, world),
    served: servedStep(judged, world),
  });
};

type Known = Omit<Step, "step">;

const reachedSteps = (
  trouble: Trouble | undefined,
  providers: readonly Provider[],
  { statuses, now }: JobWorld,
): Partial<Record<StepName, Known>> => {
  if (trouble?.reason === "unauthorized" || trouble?.reason === "forbidden") {
    return { reachable: fine(), allowed: wrong(`served as last seen: ${trouble.detail}`) };
  }
  if (trouble !== undefined) {
    return { reachable: wrong(`served as last seen: ${trouble.detail}`), allowed: unknown("") };
  }
  const looked = providers.flatMap(({ id }) => statuses.get(id)?.lastSuccess ?? []);
  const last = looked.length === 0 ? "" : `the last look succeeded ${ago(Math.max(...looked), now)}`;
  return { reachable: fine(last), allowed: fine() };
};

const builtText = (judged: readonly Judged[]): string => {
  const sources = [...new Set(judged.map(({ entry }) => entry.source))];
  return `${counted(judged.length, "target")} in ${few(sources)}`;
};

const relabelledStep = (judged: readonly Judged[], { job }: JobWorld): Known => {
  const bad = judged.filter(({ outcome }) => outcome.state !== "active");
  const [first] = bad;
  if (first === undefined) return fine(`kept by ${counted(job.relabelConfigs.length, "rule")}`);
  const { outcome } = first;
  const why =
    outcome.state === "dropped"
      ? `dropped by ${ruleText(job, outcome.rule)}`
      : outcome.state === "failed"
        ? brief(outcome.error)
        : "";
  return wrong(`${bad.length} of ${judged.length} left out: ${why}`);
};

const guardedStep = (providers: readonly Provider[], { statuses }: JobWorld): Known => {
  for (const { id } of providers) {
    const guard = statuses.get(id)?.guard;
    if (guard === undefined) continue;
    const held = `the removal of ${counted(guard.sources, "group")} of ${id} waits since ${moment(guard.since)}`;
    return unknown(`${held}; whether this is one of them is not recorded`);
  }
  return fine("nothing is held back");
};

const shardedStep = (judged: readonly Judged[], { shard }: JobWorld): Known => {
  if (shard === undefined) return fine("no shard was asked for");
  const parts = [...new Set(judged.map((one) => one.shard ?? 0))].sort((a, b) => a - b);
  const text = `in shard ${few(parts.map(String))} of ${shard.of}`;
  if (shard.index === undefined || parts.every((part) => part === shard.index)) return fine(text);
  return wrong(`${text}, not only in ${shard.index}`);
};

const servedStep = (judged: readonly Judged[], { withheld, readers, now }: JobWorld): Known => {
  if (withheld !== undefined) return wrong(`/sd answers 503: ${withheld}`);
  const served = judged.filter(isServed);
  if (served.length === 0) return wrong("none of them");
  const text = `${served.length} of ${judged.length}; ${readText(readers, now)}`;
  return served.length === judged.length ? fine(text) : wrong(text);
};

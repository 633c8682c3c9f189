import type { Provider } from "../discovery/provider.ts";
import type { JobWorld } from "./answer.ts";
import { readText } from "./readtext.ts";
import { fine, road, type Step, type StepName, unknown, wrong } from "./reason.ts";
import { ruleText } from "./rules.ts";
import type { Tally } from "./tally.ts";
import type { Trouble } from "./trouble.ts";
import { ago, brief, counted, few, moment } from "./words.ts";

/** The whole road of targets that were found. */
export const stepsOf = (told: Tally, world: JobWorld): Step[] => {
  const providers = [...told.providers];
  return road({
    ...reachedSteps(told.trouble, providers, world),
    listed: fine(`found by ${few(providers.map(({ id }) => id))}`),
    built: fine(`${counted(told.count, "target")} in ${few([...told.sources], 5, told.groups)}`),
    relabelled: relabelledStep(told, world),
    guarded: guardedStep(providers, world),
    sharded: shardedStep(told, world),
    served: servedStep(told, world),
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

const relabelledStep = ({ count, leftOut, firstLeftOut }: Tally, { job }: JobWorld): Known => {
  if (firstLeftOut === undefined) return fine(`kept by ${counted(job.relabelConfigs.length, "rule")}`);
  const { outcome } = firstLeftOut;
  const why =
    outcome.state === "dropped"
      ? `dropped by ${ruleText(job, outcome.rule)}`
      : outcome.state === "failed"
        ? brief(outcome.error)
        : "";
  return wrong(`${leftOut} of ${count} left out: ${why}`);
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

const shardedStep = ({ shards }: Tally, { shard }: JobWorld): Known => {
  if (shard === undefined) return fine("no shard was asked for");
  const parts = [...shards].sort((a, b) => a - b);
  const text = `in shard ${few(parts.map(String))} of ${shard.of}`;
  if (shard.index === undefined || parts.every((part) => part === shard.index)) return fine(text);
  return wrong(`${text}, not only in ${shard.index}`);
};

const servedStep = ({ count, served }: Tally, { withheld, readers, now }: JobWorld): Known => {
  if (withheld !== undefined) return wrong(`/sd answers 503: ${withheld}`);
  if (served === 0) return wrong("none of them");
  const text = `${served} of ${count}; ${readText(readers, now)}`;
  return served === count ? fine(text) : wrong(text);
};

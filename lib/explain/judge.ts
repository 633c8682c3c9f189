import type { Provider } from "../discovery/provider.ts";
import { shardOf } from "../httpsd/shard.ts";
import type { Populated } from "../relabel/populate.ts";
import { populatorOf } from "../scrapepool/outcomes.ts";
import type { JobWorld } from "./answer.ts";
import { discoveredAddress, type Found } from "./find.ts";
import type { Reason } from "./reason.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

/** A target that was found, and what became of it. */
export interface Judged extends Found {
  readonly provider: Provider;
  readonly outcome: Populated;
  /** Undefined where no shard was asked for. */
  readonly shard: number | undefined;
  readonly trouble: Trouble | undefined;
  readonly reason: Reason;
}

/** Judges targets of one provider. Called for every target that a question is about, which may be all. */
export const createJudge = (provider: Provider, world: JobWorld): ((found: Found) => Judged) => {
  const { populate } = populatorOf(world.job);
  const isGuarded = world.statuses.get(provider.id)?.guard !== undefined;
  const troubleIn = troubles(provider, world);
  return (found) => {
    const { entry, index, object } = found;
    const { targets, labels } = entry.group;
    const outcome = found.outcome ?? populate(targets[index]!, labels);
    const shard = world.shard && shardOf({ __address__: discoveredAddress(found) }, world.shard.of);
    const trouble = troubleIn(labels.__meta_kubernetes_namespace);
    const made: Made = { outcome, shard, trouble, isGuarded };
    return { entry, index, object, provider, outcome, shard, trouble, reason: reasonOf(made, world) };
  };
};

/** By namespace, each found out once. */
const troubles = (provider: Provider, { statuses, now }: JobWorld) => {
  const status = statuses.get(provider.id);
  const known = new Map<string | undefined, Trouble | undefined>();
  return (namespace: string | undefined): Trouble | undefined => {
    const before = known.get(namespace);
    if (before !== undefined || known.has(namespace)) return before;
    const trouble = troubleOf(provider, status, { now, namespace });
    known.set(namespace, trouble);
    return trouble;
  };
};

type Made = Pick<Judged, "outcome" | "shard" | "trouble"> & { readonly isGuarded: boolean };

const reasonOf = ({ outcome, shard, trouble, isGuarded }: Made, world: JobWorld): Reason => {
  if (outcome.state === "dropped") return "dropped";
  if (outcome.state === "failed") return "invalid_target";
  if (world.shard?.index !== undefined && shard !== world.shard.index) return "other_shard";
  if (world.withheld !== undefined) return "list_withheld";
  if (isGuarded) return "served_guarded";
  return trouble === undefined ? "served" : "served_stale";
};

/** Whether whoever asks gets the target. */
export const isServed = ({ reason }: Pick<Judged, "reason">): boolean => reason.startsWith("served");

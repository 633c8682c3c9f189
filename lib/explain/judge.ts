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

export const judge = (found: Found, provider: Provider, world: JobWorld): Judged => {
  const { group } = found.entry;
  const outcome = found.outcome ?? populatorOf(world.job).populate(group.targets[found.index]!, group.labels);
  const shard = world.shard && shardOf({ __address__: discoveredAddress(found) }, world.shard.of);
  const namespace = group.labels.__meta_kubernetes_namespace;
  const status = world.statuses.get(provider.id);
  const trouble = troubleOf(provider, status, { now: world.now, namespace });
  const known = { outcome, shard, trouble };
  return { ...found, provider, ...known, reason: reasonOf(known, status?.guard !== undefined, world) };
};

const reasonOf = (
  { outcome, shard, trouble }: Pick<Judged, "outcome" | "shard" | "trouble">,
  isGuarded: boolean,
  world: JobWorld,
): Reason => {
  if (outcome.state === "dropped") return "dropped";
  if (outcome.state === "failed") return "invalid_target";
  if (world.shard?.index !== undefined && shard !== world.shard.index) return "other_shard";
  if (world.withheld !== undefined) return "list_withheld";
  if (isGuarded) return "served_guarded";
  return trouble === undefined ? "served" : "served_stale";
};

/** Whether whoever asks gets the target. */
export const isServed = ({ reason }: Pick<Judged, "reason">): boolean => reason.startsWith("served");

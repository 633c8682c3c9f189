import type { PlanReader } from "../discovery/current.ts";
import { reasonOf } from "../errors.ts";
import type { LambdaContext } from "../lambda.ts";
import { type Holding, isHeld } from "../lease/hold.ts";
import { relayHolder } from "../lease/holder.ts";
import { holdOnce } from "../lease/holdonce.ts";
import type { Rebuilds } from "../pool/rebuild.ts";
import { type Bell, createBell } from "./bell.ts";
import type { Cargo } from "./cargo.ts";
import type { Memory } from "./memory.ts";
import { reserve } from "./oversee.ts";
import type { RelayParts } from "./parts.ts";
import { followPlans, type SliceEnd } from "./plans.ts";
import { beginSlice } from "./slice.ts";

export type FollowEnd = SliceEnd | "no time" | "held";

/** What the clusters of one invocation share. */
export interface Crew {
  /** Called by each of them; beats once a minute for all. */
  readonly beat: () => void;
  readonly cargo: Cargo;
  readonly context: LambdaContext;
  readonly memory: Memory;
  /** The request id of who ordered the relay. */
  readonly orderedBy: string | undefined;
  readonly parts: RelayParts;
  readonly peek: PlanReader;
  readonly wanted: Rebuilds["asked"];
}

/** One cluster's slice under its own lease, to its end; the lease is given back by then. */
export const followCluster = async (cluster: string, crew: Crew): Promise<FollowEnd> => {
  const { context, parts } = crew;
  if (!hasTime(context)) return "no time";
  const bell = createBell(parts.clock);
  const lease = await hold(cluster, bell, crew);
  if (isHeld(lease)) {
    parts.log.info("not relayed: somebody holds the cluster", { cluster, by: lease.heldBy });
    return "held";
  }
  return relayUnder(lease, bell, crew);
};

/** Short, since it is renewed: who dies keeps the cluster from others for no longer. */
const leaseMilliseconds = 15_000;
/** Milliseconds of work below which it is not worth beginning. */
const leastWork = 10_000;

/** Milliseconds; while it waits for the lease. */
const lookAtTimeEvery = 250;

const hasTime = (context: LambdaContext) => context.getRemainingTimeInMillis() >= reserve + leastWork;

/** A predecessor that died, or a look under way, is worth waiting for: its lease soon runs out. */
const hold = (cluster: string, bell: Bell, { context, parts }: Crew) => {
  const { clock, leases, log } = parts;
  // A process that ends takes the time away: then there is nothing to wait for.
  const wait = async (milliseconds: number) => {
    const until = clock.now() + milliseconds;
    while (clock.now() < until && hasTime(context)) {
      const step = Math.min(until - clock.now(), lookAtTimeEvery);
      await new Promise<void>((resolve) => void clock.after(step, resolve));
    }
  };
  const request = {
    cluster,
    holder: relayHolder(context.awsRequestId),
    milliseconds: leaseMilliseconds,
    missed: (error: unknown) => log.warn("lease not renewed", { cluster, reason: reasonOf(error) }),
    lost: bell.ring,
    clock,
  };
  return holdOnce({ leases, clock: clock.now, wait }, request);
};

const relayUnder = async (
  lease: Holding,
  bell: Bell,
  { beat, cargo, context, memory, orderedBy, parts, peek, wanted }: Crew,
): Promise<SliceEnd> => {
  const { cluster } = lease;
  const { clock, log } = parts;
  const warm = memory.take(lease, clock.now());
  const slice = beginSlice({
    beat,
    bell,
    lease,
    parts,
    timeLeft: () => context.getRemainingTimeInMillis(),
    mustLeave: () => cargo.mustLeave(cluster),
    peek,
    wanted,
    warm,
  });
  cargo.carry(cluster, slice.records.targets);
  const startedAt = clock.now();
  // A slice stands for itself in the log: one order would otherwise go through all slices that follow each other.
  const beginning = { cluster, epoch: lease.epoch, warm: warm.following !== undefined, orderedBy };
  log.info("relay began", beginning);
  let end: SliceEnd | "failed" = "failed";
  try {
    end = await followPlans(slice);
    return end;
  } finally {
    cargo.drop(cluster);
    if (end === "not followed" || end === "outgrown") {
      await slice.letGo({ keep: false });
      memory.forget(cluster, warm);
    } else memory.giveBack(cluster, warm, clock.now());
    log.info("relay ended", { cluster, end, seconds: (clock.now() - startedAt) / 1000, ...slice.tally });
    await lease.end();
  }
};

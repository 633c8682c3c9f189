import { z } from "zod";
import { reasonOf } from "../errors.ts";
import type { LambdaContext } from "../lambda.ts";
import { type Holding, isHeld } from "../lease/hold.ts";
import { relayHolder } from "../lease/holder.ts";
import { holdOnce } from "../lease/holdonce.ts";
import { type RelayDue, relayDue, relayDueSchema } from "../targetgroup/event.ts";
import { type Bell, createBell } from "./bell.ts";
import { createMemory, type Memory } from "./memory.ts";
import { reserve } from "./oversee.ts";
import type { RelayParts } from "./parts.ts";
import { followPlans, type SliceEnd } from "./plans.ts";
import { beginSlice } from "./slice.ts";

export type RelayEnd = SliceEnd | "no time" | "held";

/**
 * Answers *Relay Due*: follows one cluster for as long as the invocation's time allows, and hands over to the next one through
 * the bus. Keeps what it knows of a cluster in memory, for a next slice in the same process.
 */
export const createRelay = (parts: RelayParts) => {
  const memory = createMemory((error) =>
    parts.log.warn("memory was not let go", { reason: reasonOf(error) }),
  );
  return async (event: unknown, context: LambdaContext): Promise<RelayEnd> => {
    const { cluster } = dueSchema.parse(event).detail;
    if (!hasTime(context)) return "no time";
    const bell = createBell(parts.clock);
    const lease = await hold(cluster, { bell, context, parts });
    if (isHeld(lease)) {
      parts.log.info("not relayed: somebody holds the cluster", { cluster, by: lease.heldBy });
      return "held";
    }
    const startedAt = parts.clock.now();
    const end = await relayUnder(lease, { bell, context, memory, parts });
    if (end === "time" && parts.clock.now() - startedAt >= leastSlice) await handOver(cluster, parts);
    return end;
  };
};

/** Short, since it is renewed: who dies keeps the cluster from others for no longer. */
const leaseMilliseconds = 15_000;
/** Milliseconds of work below which it is not worth beginning. */
const leastWork = 10_000;
/** A slice shorter than this leaves its successor to `tick`, so that a failing relay cannot spin (design §1). */
const leastSlice = 60_000;

/** Milliseconds; while it waits for the lease. */
const lookAtTimeEvery = 250;

const hasTime = (context: LambdaContext) => context.getRemainingTimeInMillis() >= reserve + leastWork;

interface Holder {
  readonly bell: Bell;
  readonly context: LambdaContext;
  readonly parts: RelayParts;
}

/** A predecessor that died, or a look under way, is worth waiting for: its lease soon runs out. */
const hold = (cluster: string, { bell, context, parts }: Holder) => {
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
  { bell, context, memory, parts }: Holder & { memory: Memory },
): Promise<SliceEnd> => {
  const { cluster } = lease;
  const { clock, log } = parts;
  const warm = memory.take(lease, clock.now());
  const slice = beginSlice({ bell, lease, parts, timeLeft: () => context.getRemainingTimeInMillis(), warm });
  const startedAt = clock.now();
  log.info("relay began", { cluster, epoch: lease.epoch, warm: warm.following !== undefined });
  let end: SliceEnd | "failed" = "failed";
  try {
    end = await followPlans(slice);
    return end;
  } finally {
    if (end === "not followed") {
      await slice.letGo({ keep: false });
      memory.forget(cluster);
    } else memory.giveBack(cluster, clock.now());
    log.info("relay ended", { cluster, end, seconds: (clock.now() - startedAt) / 1000, ...slice.tally });
    await lease.end();
  }
};

/** `tick` starts a successor within a minute should the bus not take it. */
const handOver = async (cluster: string, { bus, log }: RelayParts) => {
  const detail: RelayDue = { schema: 1, cluster };
  try {
    await bus.put([{ detailType: relayDue, detail }]);
  } catch (error) {
    log.warn("the successor was not called", { cluster, reason: reasonOf(error) });
  }
};

const dueSchema = z.object({ "detail-type": z.literal(relayDue), detail: relayDueSchema });

import type { Plan } from "../discovery/current.ts";
import { reasonOf } from "../errors.ts";
import { otherPlan } from "./planreading.ts";
import type { Slice } from "./slice.ts";

/** Why a segment is over. */
export type SegmentEnd = "time" | "lease lost" | "outgrown" | "rebuild" | "plan";

export interface Ending {
  /** Undefined while the segment goes on. */
  reason(): SegmentEnd | undefined;
  /** Aborts with the segment. */
  readonly signal: AbortSignal;
  /** The plan of the next segment. */
  plan(): Plan | undefined;
  /** Watches no longer. */
  stop(): void;
}

/** What an invocation needs for a clean end: the last announcements, the records, the lease. Milliseconds. */
export const reserve = 20_000;

/** Watches over a segment whatever its loop waits for: the invocation's time, the lease, and whether the plan still holds. */
export const oversee = (slice: Slice, plan: Plan): Ending => {
  const { bell, lease, mustLeave, parts, timeLeft } = slice;
  const ended = new AbortController();
  let reason: SegmentEnd | undefined;
  let next: Plan | undefined;
  const end = (why: SegmentEnd) => {
    reason ??= why;
    ended.abort();
    bell.ring();
  };
  const judge = () => {
    if (parts.clock.now() >= lease.expiresAt()) end("lease lost");
    else if (timeLeft() < reserve) end("time");
    else if (mustLeave()) end("outgrown");
    return reason;
  };
  const reread = async () => {
    next = await movedPlan(slice, plan);
    if (next !== undefined) end("plan");
  };
  const askRebuilds = async () => {
    if (await isToRebuild(slice, plan)) end("rebuild");
  };
  const stops = [
    every(slice, lookAtClockEvery, judge),
    every(slice, readPlanEvery, reread),
    every(slice, askRebuildsEvery, askRebuilds),
  ];
  const stop = () => {
    for (const each of stops) each();
  };
  return { reason: judge, signal: ended.signal, plan: () => next, stop };
};

const lookAtClockEvery = 250;
const readPlanEvery = 2_000;
const askRebuildsEvery = 5_000;

/** Runs it again and again, each time so many milliseconds after it was done. */
const every = ({ parts }: Slice, milliseconds: number, run: () => unknown) => {
  let callOff = () => {};
  let stopped = false;
  const again = () => {
    if (!stopped) callOff = parts.clock.after(milliseconds, turn);
  };
  const turn = () => void Promise.resolve(run()).then(again);
  again();
  return () => {
    stopped = true;
    callOff();
  };
};

/** Somebody wants announced anew what this lease or an earlier one announced: the next lease does it. */
const isToRebuild = async ({ cluster, lease, wanted, parts }: Slice, plan: Plan): Promise<boolean> => {
  try {
    const asked = await wanted();
    return plan.providers.some(({ id, cluster: of }) => of === cluster && (asked.get(id) ?? 0) > lease.epoch);
  } catch (error) {
    parts.log.warn("rebuilds could not be asked for", { cluster, reason: reasonOf(error) });
    return false;
  }
};

/** Undefined while the plan holds, and while nobody can say. */
const movedPlan = async (slice: Slice, plan: Plan): Promise<Plan | undefined> => {
  const { cluster, parts } = slice;
  try {
    return await otherPlan(plan, slice);
  } catch (error) {
    parts.log.warn("the plan could not be read again", { cluster, reason: reasonOf(error) });
    return undefined;
  }
};

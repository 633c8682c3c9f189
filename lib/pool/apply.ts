import type { TargetGroupChanged } from "../targetgroup/event.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import type { PoolWriter } from "./pool.ts";

/** An event with its group, fetched if it travelled by claim check. */
export interface Offer {
  readonly event: TargetGroupChanged;
  readonly group: TargetGroup;
}

/** Brings a batch into the pool. Each offer stands for itself: one that fails is rejected in its place. */
export type Apply = (offers: readonly Offer[]) => Promise<PromiseSettledResult<Applied>[]>;

/** `stale`: the pool held that version, or a later one. */
export type Applied = "applied" | "stale";

/** One write each and nothing else: what was there before is gone. */
export const applyEach =
  (pool: Pick<PoolWriter, "offer">): Apply =>
  (offers) =>
    Promise.allSettled(offers.map(({ event, group }) => pool.offer(event, group)));

import { type Holding, type HoldRequest, holdLease, isHeld } from "./hold.ts";
import type { Held, Leases } from "./lease.ts";

export interface HoldOnceParts {
  readonly leases: Leases;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/**
 * Takes a lease, and tries once more when whoever has it may be dead: a holder that died without a word leaves a lease
 * behind that soon runs out. `isAlive` tells of a holder that is not worth the wait.
 */
export const holdOnce = async (
  { leases, clock, wait }: HoldOnceParts,
  request: HoldRequest,
  isAlive: (held: Held) => boolean = () => false,
): Promise<Holding | Held> => {
  const first = await holdLease(leases, request);
  if (!isHeld(first) || isAlive(first)) return first;
  await wait(Math.min(Math.max(first.until - clock(), 0), request.milliseconds) + margin);
  return holdLease(leases, request);
};

/** Two clocks differ a little. */
const margin = 500;

import type { LookParts } from "../announce/look.ts";
import type { Clock } from "../clock.ts";
import type { PlanReader } from "../discovery/current.ts";
import type { Follow, WatchTally } from "../discovery/follower.ts";
import type { Leases } from "../lease/lease.ts";
import type { ShareLimits } from "../lease/share.ts";
import type { ReducerLag } from "../pool/lag.ts";
import type { PoolRepair } from "../pool/pool.ts";
import type { Rebuilds } from "../pool/rebuild.ts";
import type { Statuses } from "../pool/status.ts";

/** What a relay is made of. */
export interface RelayParts extends Omit<LookParts, "discover" | "clock"> {
  readonly follow: Follow;
  /** What the watches behind `follow` told, for the records; absent where nobody counts. */
  readonly counts?: WatchTally;
  readonly plan: PlanReader;
  readonly statuses: Statuses;
  readonly leases: Leases;
  readonly rebuilds: Pick<Rebuilds, "asked">;
  readonly repair: PoolRepair;
  readonly lag: Pick<ReducerLag, "read">;
  /** How much one relay carries. */
  readonly limits: ShareLimits;
  readonly clock: Clock;
  /** Spreads the repetitions of what failed; from 0 up to 1. */
  readonly random: () => number;
}

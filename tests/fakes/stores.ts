import { createMemoryLeases } from "../../lib/lease/memory.ts";
import {
  createMemoryLag,
  createMemoryPool,
  createMemoryRebuilds,
  createMemoryReleases,
  createMemoryStatuses,
} from "../../lib/pool/memory.ts";

/** What looks, relays and ticks have in the table, kept in this process. */
export const createMemoryStores = (clock: () => number) => {
  const pool = createMemoryPool(clock);
  return {
    pool,
    repair: pool,
    leases: createMemoryLeases(clock),
    statuses: createMemoryStatuses(),
    releases: createMemoryReleases(),
    rebuilds: createMemoryRebuilds(),
    lag: createMemoryLag(clock),
  };
};

import { nextEpoch } from "./epoch.ts";
import type { Leases } from "./lease.ts";

/** Leases in this process; unit tests run on it. */
export const createMemoryLeases = (clock: () => number = Date.now): Leases => {
  const taken = new Map<string, { holder: string; epoch: number; until: number }>();
  return {
    take: async ({ cluster, holder, milliseconds }) => {
      const now = clock();
      const last = taken.get(cluster);
      if (last !== undefined && last.until > now) return { heldBy: last.holder, until: last.until };
      const epoch = nextEpoch(last?.epoch, now);
      taken.set(cluster, { holder, epoch, until: now + milliseconds });
      return { cluster, holder, epoch, ...(last && { previous: last.epoch }), expiresAt: now + milliseconds };
    },
    holder: async (cluster) => {
      const last = taken.get(cluster);
      return last !== undefined && last.until > clock()
        ? { heldBy: last.holder, until: last.until }
        : undefined;
    },
    last: async (cluster) => {
      const last = taken.get(cluster);
      return last && { heldBy: last.holder, until: last.until, epoch: last.epoch };
    },
    renew: async (lease, milliseconds) => {
      const last = taken.get(lease.cluster);
      if (last?.epoch !== lease.epoch || last.until === 0) return undefined;
      last.until = clock() + milliseconds;
      return { ...lease, expiresAt: last.until };
    },
    revoke: async (cluster) => {
      const last = taken.get(cluster);
      if (last !== undefined) last.until = 0;
    },
    giveBack: async ({ cluster, epoch }) => {
      const last = taken.get(cluster);
      if (last?.epoch === epoch) last.until = 0;
    },
  };
};

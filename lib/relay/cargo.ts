import type { ShareLimits, Sized } from "../lease/share.ts";

/** What a relay carries: its clusters, and how large each is by now. */
export interface Cargo {
  /** `targets` tells how many there are now; undefined before anybody knows. */
  carry(cluster: string, targets: () => number | undefined): void;
  /** The cluster is followed no longer; what was known of its size last stays known. */
  drop(cluster: string): void;
  /** All together are half as many again as one relay is to carry, and this cluster is the largest of several. */
  mustLeave(cluster: string): boolean;
  sizes(clusters: readonly string[]): Sized[];
}

export const createCargo = (limits: ShareLimits): Cargo => {
  const carried = new Map<string, () => number | undefined>();
  const dropped = new Map<string, number | undefined>();
  const sizeOf = (cluster: string) =>
    carried.has(cluster) ? carried.get(cluster)?.() : dropped.get(cluster);
  return {
    carry: (cluster, targets) => {
      carried.set(cluster, targets);
    },
    drop: (cluster) => {
      dropped.set(cluster, sizeOf(cluster));
      carried.delete(cluster);
    },
    mustLeave: (cluster) => {
      if (carried.size < 2) return false;
      const all = [...carried].map(([name, targets]) => ({ name, targets: targets() ?? 0 }));
      if (all.reduce((sum, { targets }) => sum + targets, 0) <= limits.targets * slack) return false;
      const largest = all.reduce((most, one) => (one.targets > most.targets ? one : most));
      return largest.name === cluster;
    },
    sizes: (clusters) => clusters.map((cluster) => ({ cluster, targets: sizeOf(cluster) })),
  };
};

/** A relay that is a little too full waits for its successors, which share anew. */
const slack = 1.5;

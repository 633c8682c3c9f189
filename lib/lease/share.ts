/** A cluster to be followed, and how many targets its providers had when they were looked at last; undefined before that. */
export interface Sized {
  readonly cluster: string;
  readonly targets: number | undefined;
}

/** What one relay carries at most; a cluster that is larger alone has a relay of its own. */
export interface ShareLimits {
  readonly targets: number;
  readonly clusters: number;
}

/** Each cluster has its watches, its lease to renew and its records: more of them are too much whatever their size. */
const mostClusters = 20;

/** Of so many targets together; 0: every cluster has a relay of its own. */
export const shareLimits = (targets: number): ShareLimits => ({
  targets,
  clusters: targets === 0 ? 1 : mostClusters,
});

/**
 * Which clusters go together into one relay: the largest first, each into the first share with room for it, so that the same
 * clusters and sizes always give the same shares. A cluster of unknown size counts as a quarter of a share.
 */
export const shareOut = (clusters: readonly Sized[], limits: ShareLimits): string[][] =>
  packed(
    clusters.map(({ cluster, targets }) => ({
      names: [cluster],
      targets: targets ?? Math.ceil(limits.targets / 4),
    })),
    limits,
  ).map((share) => share.flatMap(({ names }) => names));

/** Clusters that stay together. */
export interface Load {
  readonly names: readonly string[];
  readonly targets: number;
}

/** Whole loads into shares, the largest first. */
export const packed = (loads: readonly Load[], limits: ShareLimits): Load[][] => {
  const shares: { loads: Load[]; targets: number; clusters: number }[] = [];
  for (const load of loads.toSorted(largestFirst)) {
    const room = shares.find(
      ({ targets, clusters }) =>
        targets + load.targets <= limits.targets && clusters + load.names.length <= limits.clusters,
    );
    if (room === undefined)
      shares.push({ loads: [load], targets: load.targets, clusters: load.names.length });
    else {
      room.loads.push(load);
      room.targets += load.targets;
      room.clusters += load.names.length;
    }
  }
  return shares.map((share) => share.loads);
};

const largestFirst = (a: Load, b: Load) =>
  b.targets - a.targets || ((a.names[0] ?? "") < (b.names[0] ?? "") ? -1 : 1);

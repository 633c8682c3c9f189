/** What is to be priced. */
export interface Workload {
  readonly clusters: number;
  /** Running pods of each cluster; each is one target group. */
  readonly pods: number;
  /** Of each pod: its ports. */
  readonly targetsPerPod: number;
  /** Groups that change in a minute, in per cent of all: a pod that is replaced changes two, and each step of its start may be one more. */
  readonly churn: number;
  /** Programs that read every target; with `shards` each reads its part. */
  readonly scrapers: number;
  /** Parts that the list is read in, each by its own scraper; 1: whole. */
  readonly shards: number;
  /** Seconds between two reads of one scraper. */
  readonly interval: number;
  /** Final targets (`?relabel=true`) instead of raw ones. */
  readonly relabel: boolean;
  readonly follow: "relay" | "schedule";
  /** Seconds between two looks at a cluster on the schedule. */
  readonly every: number;
  /** Days that history is kept; 0: none. */
  readonly history: number;
}

/**
 * Sizes in bytes of what one pod becomes, as `npm run bench -- fleet` measures them on its pods (two ports, four labels, three
 * annotations). Longer labels and more annotations cost in proportion.
 */
export const sizes = {
  /** An entry of the bus. */
  event: 2_600,
  /** A group's item in the table (lib/pool/item.ts), its body compressed. */
  group: 710,
  /** What the index `moved` has of it (infra/table.yml). */
  indexed: 195,
  /** A change-log entry (lib/history/item.ts), a little over what one write unit holds, and what the index has of that. */
  change: 1_060,
  changeIndexed: 310,
  /** A provider's record (lib/pool/statusitem.ts). */
  record: 700,
  /** One target in a raw list, and one with its final labels. */
  rawTarget: 1_665,
  finalTarget: 320,
};

/** Bytes of one answer to one scraper. */
export const listBytes = ({ clusters, pods, targetsPerPod, shards, relabel }: Workload): number =>
  (clusters * pods * targetsPerPod * (relabel ? sizes.finalTarget : sizes.rawTarget)) / shards;

/** As the door lets a streamed answer through (lib/serve/arrival.ts): so much at once, then so many bytes a second, for so many seconds. */
export const door = { atOnce: 6_000_000, speed: 2_000_000, longest: 25 };

/** Of the shards that each list would arrive in time with; at most `shards` when it does. */
export const leastShards = (workload: Workload): number => {
  const most = door.atOnce + door.speed * Math.min(workload.interval, door.longest);
  return Math.max(1, Math.ceil((listBytes(workload) * workload.shards) / most));
};

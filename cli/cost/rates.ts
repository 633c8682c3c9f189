import { shareLimits, shareOut } from "../../lib/lease/share.ts";
import type { Unit } from "./prices.ts";
import { door, listBytes, type Workload } from "./workload.ts";

/** So many units of one kind, and what they are for. */
export interface Line {
  readonly service: string;
  readonly item: string;
  readonly unit: Unit;
  readonly units: number;
}

/** Of one month of 730 hours, as AWS's calculator has it. */
export const monthSeconds = 730 * 3600;

/** How many targets the clusters of one relay have (infra/parameters.yml: relayTargets). */
export const relayTargets = 20_000;

/** What follows from a workload for all services. */
export type Rates = ReturnType<typeof ratesOf>;

export const ratesOf = (workload: Workload, seconds: number) => {
  const { clusters, pods, churn, scrapers, shards, interval, follow, every } = workload;
  const isFollowed = follow === "relay";
  const changes = (clusters * pods * churn * seconds) / 6_000;
  const cluster = { targets: pods * workload.targetsPerPod };
  const sized = Array.from({ length: clusters }, (_, at) => ({ cluster: String(at), ...cluster }));
  const relays = isFollowed ? shareOut(sized, shareLimits(relayTargets)).length : 0;
  const looks = isFollowed ? 0 : (clusters * seconds) / every;
  const perBatch = batchOf({ changes, looks, seconds });
  const reads = (scrapers * shards * seconds) / interval;
  const bytes = listBytes(workload);
  const batches = changes / perBatch;
  const instances = Math.max(1, Math.ceil((reads / seconds) * serveSeconds(bytes)));
  return {
    ...workload,
    seconds,
    isFollowed,
    changes,
    relays,
    looks,
    perBatch,
    batches,
    reads,
    bytes,
    instances,
  };
};

/**
 * Changes in one batch of the queue. What a look announces comes at once, what a relay announces comes as it happens, of which a
 * tenth of a second waits together. Five pollers share it, as Lambda begins with, and a batch has ten at most (serverless.yml).
 */
const batchOf = ({ changes, looks, seconds }: { changes: number; looks: number; seconds: number }) => {
  const together = looks > 0 ? changes / looks : changes / seconds / 10;
  return Math.min(10, Math.max(1, together / pollers));
};

export const pollers = 5;

/** A slice of 900 s less 20 s of reserve (lib/relay/oversee.ts). */
export const sliceSeconds = 880;

/** A list is put together at some 200 MB a second and then goes out as the door takes it. */
export const serveSeconds = (bytes: number) =>
  0.03 + bytes / 200e6 + Math.min(door.longest, Math.max(0, bytes - door.atOnce) / door.speed);

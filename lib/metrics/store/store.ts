import type { DataBatch, Labels } from "../batch.ts";

/**
 * The model store (spec A7): the last batches whole, and two metrics for longer. What is too old at the time of a read is not there, whatever is
 * still kept. Batches come in the order of their timestamps.
 */
export interface MetricStore {
  /** Keeps a batch in both stores; the same one again, or an older one, is kept as well. */
  append(batch: DataBatch, lives?: Lives): Promise<void>;
  /** Batches of the short store; with keys, only those sets of them. */
  short(cluster: string, keys?: readonly string[]): Promise<DataBatch[]>;
  /** Of the long store: batches whose sets have no more than `longMetrics`, and neither labels nor times. */
  long(cluster: string, keys: readonly string[]): Promise<DataBatch[]>;
  /** The newest of the short store, whole: what lists are made of. */
  latest(cluster: string): Promise<DataBatch | undefined>;
  /** The labels of its sets by key, for who asks for nothing else: much less to read. */
  labels(cluster: string): Promise<ReadonlyMap<string, Labels> | undefined>;
}

/** How long a batch is there in both stores, milliseconds; one exactly this old is gone. */
export interface Lives {
  readonly short: number;
  readonly long: number;
}

/** Upstream's, whatever the resolution. */
export const shortLife = 140_000;
export const longLife = 15 * 60_000;
export const usualLives: Lives = { short: shortLife, long: longLife };

/**
 * At upstream's own resolution of a minute there are always two batches. Where they come less often each lives until there are two again; upstream
 * would have none most of the time.
 */
export const livesAt = (resolution: number): Lives => {
  const short = Math.max(shortLife, 2 * resolution + 20_000);
  return { short, long: Math.max(longLife, short) };
};

/** What livesAt gives at most: 15 minutes is the slowest resolution. */
export const longestLives = livesAt(15 * 60_000);

export const longMetrics = ["cpu/usage_rate", "memory/usage"];

export const isAlive = (timestamp: number, { now, life }: { now: number; life: number }): boolean =>
  timestamp > now - life;

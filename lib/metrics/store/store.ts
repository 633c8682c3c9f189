import type { DataBatch, Labels } from "../batch.ts";

/**
 * The model store (spec A7): the last batches whole, and two metrics for longer. What is too old at the time of a read is not there, whatever is
 * still kept. Batches come in the order of their timestamps.
 */
export interface MetricStore {
  /** Keeps a batch in both stores; the same one again, or an older one, is kept as well. */
  append(batch: DataBatch): Promise<void>;
  /** Batches of the short store; with keys, only those sets of them. */
  short(cluster: string, keys?: readonly string[]): Promise<DataBatch[]>;
  /** Of the long store: batches whose sets have no more than `longMetrics`, and neither labels nor times. */
  long(cluster: string, keys: readonly string[]): Promise<DataBatch[]>;
  /** The newest of the short store, whole: what lists are made of. */
  latest(cluster: string): Promise<DataBatch | undefined>;
  /** The labels of its sets by key, for who asks for nothing else: much less to read. */
  labels(cluster: string): Promise<ReadonlyMap<string, Labels> | undefined>;
}

/** Milliseconds; a batch exactly this old is gone. */
export const shortLife = 140_000;
export const longLife = 15 * 60_000;

export const longMetrics = ["cpu/usage_rate", "memory/usage"];

export const isAlive = (timestamp: number, { now, life }: { now: number; life: number }): boolean =>
  timestamp > now - life;

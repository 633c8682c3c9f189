import { type DataBatch, emptySet, type MetricSet } from "../batch.ts";
import { longMetrics } from "./store.ts";

/** What the long store keeps of a batch. */
export const longPart = ({ cluster, timestamp, sets }: DataBatch): DataBatch => {
  const kept = new Map<string, MetricSet>();
  for (const [key, set] of sets) {
    const values = longMetrics.flatMap((name) => {
      const value = set.values.get(name);
      return typeof value?.value === "bigint" ? [[name, value] as const] : [];
    });
    if (values.length > 0) kept.set(key, { ...emptySet({}), values: new Map(values) });
  }
  return { cluster, timestamp, sets: kept };
};

export const onlyKeys = (batch: DataBatch, keys: readonly string[] | undefined): DataBatch => {
  if (keys === undefined) return batch;
  const found = [...new Set(keys)].flatMap((key) => {
    const set = batch.sets.get(key);
    return set === undefined ? [] : [[key, set] as const];
  });
  return { ...batch, sets: new Map(found) };
};

/** A batch cut so that a reader of one set need not read all: the sets of part `n` are those whose `shardOf` is n. */
export const cut = (batch: DataBatch, shards: number): DataBatch[] => {
  const parts = Array.from({ length: shards }, (): DataBatch => ({ ...batch, sets: new Map() }));
  for (const [key, set] of batch.sets) parts[shardOf(key, shards)]?.sets.set(key, set);
  return parts;
};

/** FNV-1a of the key; what is in the table depends on it. */
export const shardOf = (key: string, shards: number): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % shards;
};

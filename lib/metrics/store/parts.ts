import type { DataBatch, MetricSet } from "../batch.ts";
import type { Part } from "../part.ts";
import { longMetrics } from "./store.ts";

/** What the long store keeps of a batch. */
export const long: Part = {
  names: new Set(longMetrics),
  onlyIntegers: true,
  labels: false,
  times: "none",
  labeled: false,
};

export const onlyKeys = (batch: DataBatch, keys: readonly string[] | undefined): DataBatch => {
  if (keys === undefined) return batch;
  const found = [...new Set(keys)].flatMap((key) => {
    const set = batch.sets.get(key);
    return set === undefined ? [] : [[key, set] as const];
  });
  return { ...batch, sets: new Map(found) };
};

/** Sets cut so that a reader of one need not read all: those of part `n` are those whose `shardOf` is n. */
export const cut = (sets: DataBatch["sets"], shards: number): (readonly [string, MetricSet])[][] => {
  const parts = Array.from({ length: shards }, (): (readonly [string, MetricSet])[] => []);
  for (const entry of sets) parts[shardOf(entry[0], shards)]?.push(entry);
  return parts;
};

/** FNV-1a of the key; what is in the table depends on it. */
export const shardOf = (key: string, shards: number): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % shards;
};

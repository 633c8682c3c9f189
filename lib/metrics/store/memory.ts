import type { DataBatch } from "../batch.ts";
import { partOf } from "../part.ts";
import { long, onlyKeys } from "./parts.ts";
import { isAlive, longLife, type MetricStore, shortLife } from "./store.ts";

/** The model store in this process; unit tests run on it. */
export const createMemoryStore = (now: () => number): MetricStore => {
  const kept = new Map<string, Map<number, DataBatch>>();
  const alive = (cluster: string, life: number) =>
    [...(kept.get(cluster)?.values() ?? [])]
      .filter(({ timestamp }) => isAlive(timestamp, { now: now(), life }))
      .sort((a, b) => a.timestamp - b.timestamp);
  return {
    append: async (batch) => {
      const batches = kept.get(batch.cluster) ?? new Map<number, DataBatch>();
      kept.set(batch.cluster, batches.set(batch.timestamp, structuredClone(batch)));
      for (const { timestamp } of batches.values())
        if (!isAlive(timestamp, { now: now(), life: longLife })) batches.delete(timestamp);
    },
    short: async (cluster, keys) => alive(cluster, shortLife).map((batch) => onlyKeys(batch, keys)),
    long: async (cluster, keys) =>
      alive(cluster, longLife).map((batch) => onlyKeys(partOf(batch, long), keys)),
    labels: async (cluster) => {
      const latest = alive(cluster, shortLife).at(-1);
      return latest && new Map([...latest.sets].map(([key, { labels }]) => [key, labels]));
    },
    latest: async (cluster) => alive(cluster, shortLife).at(-1),
  };
};

import type { DataBatch } from "../batch.ts";
import { partOf } from "../part.ts";
import { long, onlyKeys } from "./parts.ts";
import { isAlive, type Lives, type MetricStore, usualLives } from "./store.ts";

/** The model store in this process; unit tests run on it. */
export const createMemoryStore = (now: () => number): MetricStore => {
  const kept = new Map<string, Map<number, Kept>>();
  const alive = (cluster: string, kind: keyof Lives) =>
    [...(kept.get(cluster)?.values() ?? [])]
      .filter(({ batch, lives }) => isAlive(batch.timestamp, { now: now(), life: lives[kind] }))
      .map(({ batch }) => batch)
      .sort((a, b) => a.timestamp - b.timestamp);
  return {
    append: async (batch, lives = usualLives) => {
      const batches = kept.get(batch.cluster) ?? new Map<number, Kept>();
      kept.set(batch.cluster, batches.set(batch.timestamp, { batch: structuredClone(batch), lives }));
      for (const [timestamp, one] of batches)
        if (!isAlive(timestamp, { now: now(), life: one.lives.long })) batches.delete(timestamp);
    },
    short: async (cluster, keys) => alive(cluster, "short").map((batch) => onlyKeys(batch, keys)),
    long: async (cluster, keys) => alive(cluster, "long").map((batch) => onlyKeys(partOf(batch, long), keys)),
    labels: async (cluster) => {
      const latest = alive(cluster, "short").at(-1);
      return latest && new Map([...latest.sets].map(([key, { labels }]) => [key, labels]));
    },
    latest: async (cluster) => alive(cluster, "short").at(-1),
  };
};

interface Kept {
  readonly batch: DataBatch;
  readonly lives: Lives;
}

import { hash } from "node:crypto";

/** Where entries lie together: a part of a provider's sources in one week. */
export interface Partition {
  readonly provider: string;
  readonly shard: number;
  readonly week: number;
}

/** Over so many the sources of a provider are spread, so that writes scale. Part of every key. */
export const shardCount = 4;

export const shardOf = (source: string): number =>
  Number.parseInt(hash("sha256", source).slice(0, 8), 16) % shardCount;

/** All partitions that have one key and an index hold 10 GB at most, so none goes on for ever. Part of every key. */
const week = 7 * 24 * 3_600_000;

export const weekOf = (at: number): number => Math.floor(at / week);

export const partitionOf = (provider: string, source: string, at: number): Partition => ({
  provider,
  shard: shardOf(source),
  week: weekOf(at),
});

/** The weeks of a stretch of time, the last first. */
export const weeksBack = (since: number, until: number): number[] =>
  Array.from({ length: Math.max(0, weekOf(until) - weekOf(since) + 1) }, (_, back) => weekOf(until) - back);

export const shards: readonly number[] = Array.from({ length: shardCount }, (_, shard) => shard);

/** Names a partition, and orders those of one week. */
export const partitionKey = ({ provider, shard, week: of }: Partition): string =>
  `history#${provider}#${shard}#${of}`;

import { inFlight } from "../../inflight.ts";
import type { Item, Key, Table } from "../../table/dynamodb.ts";
import { expiry, itemAt, known, number, numberOf } from "../../table/item.ts";
import type { DataBatch, Labels, MetricSet } from "../batch.ts";
import { packSets } from "../pack.ts";
import type { PackedSets } from "../unpack.ts";
import { cut, long, shardOf } from "./parts.ts";
import {
  createShardReader,
  padded,
  partition,
  type Shard,
  type ShardReader,
  shardItem,
  slack,
} from "./shards.ts";
import { isAlive, type Lives, longestLives, type MetricStore, usualLives } from "./store.ts";

/**
 * The model store in the table. A batch lies in shards, each one item of packed sets, written before the head that counts them, so that a batch
 * is there whole or not at all; who asks for one set reads one shard. Batches of another version are not there.
 */
export const createDynamoStore = (table: Table, now: () => number): MetricStore => {
  const reader = createShardReader(table);
  const heads: Heads = (cluster, kind) => headsOf(table, { cluster, now: now(), kind });
  const some = async (kind: Shard["kind"], cluster: string, keys: readonly string[] | undefined) => {
    const found = await heads(cluster, kind);
    const batches = await Promise.all(found.map((head) => batchOf(reader, { kind, cluster, ...head }, keys)));
    return batches.filter((batch) => batch !== undefined);
  };
  const newest = latestOf(reader, heads);
  return {
    append: async (batch, lives = usualLives) => {
      const { cluster, timestamp } = batch;
      const { shorts, longs } = await shardsOf(batch);
      const items = (kind: Shard["kind"], packed: readonly Uint8Array[]) =>
        packed.map((bytes, shard) => shardItem({ kind, cluster, timestamp, shard }, bytes, lives[kind]));
      await table.putMany([...items("short", shorts), ...items("long", longs)]);
      const counted = {
        at: number(timestamp),
        shards: number(shorts.length),
        short: number(lives.short),
        long: number(lives.long),
        expires: expiry(timestamp + lives.long + slack),
      };
      await table.put(itemAt(headKey(cluster, timestamp), counted));
    },
    short: (cluster, keys) => some("short", cluster, keys),
    long: (cluster, keys) => some("long", cluster, keys),
    latest: newest.batch,
    labels: newest.labels,
  };
};

/** To read a large batch takes a second: what is asked until the next one is made of the same. */
const latestOf = (reader: ShardReader, heads: Heads) => {
  const remembered = <T>(read: (wanted: Wanted) => Promise<T | undefined>) => {
    let held: { readonly cluster: string; readonly timestamp: number; readonly value: T } | undefined;
    return async (cluster: string): Promise<T | undefined> => {
      const head = (await heads(cluster, "short")).at(-1);
      if (head === undefined) return undefined;
      const { timestamp } = head;
      if (held?.cluster === cluster && held.timestamp === timestamp) return held.value;
      const value = await read({ kind: "short", cluster, ...head });
      if (value !== undefined) held = { cluster, timestamp, value };
      return value;
    };
  };
  return {
    batch: remembered((wanted) => batchOf(reader, wanted, undefined)),
    labels: remembered(async (wanted) => {
      const packed = await opened(reader, wanted, allOf(wanted));
      return packed && new Map<string, Labels>(packed.flatMap((sets) => [...sets.labels()]));
    }),
  };
};

/** Bytes of a shard that are aimed at: small enough for a read of one set, large enough to pack well. */
const aim = 100_000;
/** An item has at most 400 kB, its key included. */
const most = 380_000;
/** How large a set is when packed, to begin with. */
const usual = 80;
/** Shards that are written out as text at the same time. */
const packedAtOnce = 4;

/** Both stores' shards have the same number, so that one head counts them. */
const shardsOf = async (
  batch: DataBatch,
): Promise<{ readonly shorts: readonly Uint8Array[]; readonly longs: readonly Uint8Array[] }> => {
  for (let shards = Math.max(1, Math.ceil((batch.sets.size * usual) / aim)); ; shards *= 2) {
    const parts = cut(batch.sets, shards);
    const shorts = await inFlight(packedAtOnce, parts, (sets) => packSets(batch, sets));
    if (shorts.some(({ length }) => length > most) && shards <= batch.sets.size * 2) continue;
    return { shorts, longs: await inFlight(packedAtOnce, parts, (sets) => packSets(batch, sets, long)) };
  }
};

const headKey = (cluster: string, timestamp: number): Key => ({
  pk: partition(cluster),
  sk: `batch#${padded(timestamp)}`,
});

interface Head {
  readonly timestamp: number;
  readonly shards: number;
  readonly lives: Lives;
}

/** Those that are alive in one of the stores, the oldest first. */
type Heads = (cluster: string, kind: keyof Lives) => Promise<Head[]>;

const headsOf = async (
  table: Table,
  { cluster, now, kind }: { cluster: string; now: number; kind: keyof Lives },
): Promise<Head[]> => {
  const { pk, sk: first } = headKey(cluster, Math.max(0, now - longestLives[kind]));
  const heads: Head[] = [];
  for await (const page of table.query({ pk, between: [first, "batch#~"] }))
    heads.push(...page.map(known).map(headFrom));
  return heads.filter(({ timestamp, lives }) => isAlive(timestamp, { now, life: lives[kind] }));
};

/** One that an earlier version wrote says nothing of its lives. */
const headFrom = (item: Item): Head => ({
  timestamp: numberOf(item, "at"),
  shards: numberOf(item, "shards"),
  lives:
    item.short === undefined ? usualLives : { short: numberOf(item, "short"), long: numberOf(item, "long") },
});

type Wanted = Omit<Shard, "shard"> & Head;

const allOf = ({ shards }: Head): number[] => Array.from({ length: shards }, (_, shard) => shard);

/** Undefined when one of them is of another version. */
const opened = async (
  reader: ShardReader,
  { kind, cluster, timestamp }: Wanted,
  shards: readonly number[],
): Promise<PackedSets[] | undefined> => {
  const found = await reader.read(shards.map((shard) => ({ kind, cluster, timestamp, shard })));
  const known = found.filter((packed) => packed !== undefined);
  return known.length < found.length ? undefined : known;
};

const batchOf = async (
  reader: ShardReader,
  wanted: Wanted,
  keys: readonly string[] | undefined,
): Promise<DataBatch | undefined> => {
  const { cluster, timestamp, shards } = wanted;
  if (keys === undefined) {
    const packed = await opened(reader, wanted, allOf(wanted));
    return packed && { cluster, timestamp, sets: new Map(packed.flatMap((sets) => [...sets.sets()])) };
  }
  const asked = [...new Set(keys)];
  const needed = [...new Set(asked.map((key) => shardOf(key, shards)))];
  const packed = await opened(reader, wanted, needed);
  if (packed === undefined) return undefined;
  const sets = asked.flatMap((key): (readonly [string, MetricSet])[] => {
    const set = packed[needed.indexOf(shardOf(key, shards))]?.set(key);
    return set === undefined ? [] : [[key, set]];
  });
  return { cluster, timestamp, sets: new Map(sets) };
};

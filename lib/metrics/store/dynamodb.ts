import type { Item, Key, Table } from "../../table/dynamodb.ts";
import { bytesOf, expiry, itemAt, known, number, numberOf, textOf } from "../../table/item.ts";
import type { DataBatch } from "../batch.ts";
import { packBatch, unpackBatch } from "../pack.ts";
import { cut, longPart, onlyKeys, shardOf } from "./parts.ts";
import { isAlive, longLife, type MetricStore, shortLife } from "./store.ts";

/**
 * The model store in the table. A batch lies in shards, each one item of packed sets, written before the head that counts them, so that a batch
 * is there whole or not at all; who asks for one set reads one shard.
 */
export const createDynamoStore = (table: Table, now: () => number): MetricStore => {
  const heads = (cluster: string, life: number) => headsOf(table, { cluster, now: now(), life });
  // A batch never changes, and to read a large one takes a second: lists that are asked for until the next are made of the same.
  let newest: DataBatch | undefined;
  return {
    append: async (batch) => {
      const short = shardsOf(batch);
      const long = cut(longPart(batch), short.length);
      const { cluster, timestamp } = batch;
      const bodies = [
        ...short.map((bytes, at) => bodyItem({ kind: "short", cluster, timestamp, shard: at }, bytes)),
        ...long.map((part, at) => bodyItem({ kind: "long", cluster, timestamp, shard: at }, packBatch(part))),
      ];
      await table.putMany(bodies);
      const counted = {
        at: number(timestamp),
        shards: number(short.length),
        expires: expiry(timestamp + longLife + slack),
      };
      await table.put(itemAt(headKey(cluster, timestamp), counted));
    },
    short: async (cluster, keys) => {
      const found = await heads(cluster, shortLife);
      return Promise.all(found.map((head) => batchOf(table, { kind: "short", cluster, ...head }, keys)));
    },
    long: async (cluster, keys) => {
      const found = await heads(cluster, longLife);
      return Promise.all(found.map((head) => batchOf(table, { kind: "long", cluster, ...head }, keys)));
    },
    latest: async (cluster) => {
      const head = (await heads(cluster, shortLife)).at(-1);
      if (head === undefined) return undefined;
      if (newest?.cluster !== cluster || newest.timestamp !== head.timestamp)
        newest = await batchOf(table, { kind: "short", cluster, ...head }, undefined);
      return newest;
    },
  };
};

/** Milliseconds that items outlive what they are read for: a reader may be on its way. */
const slack = 60_000;

/** Bytes of a shard that are aimed at: small enough for a read of one set, large enough to pack well. */
const aim = 100_000;
/** An item has at most 400 kB, its key included. */
const most = 380_000;

/** How large a set is when packed, to begin with. */
const usual = 110;

const shardsOf = (batch: DataBatch): Uint8Array[] => {
  for (let shards = Math.max(1, Math.ceil((batch.sets.size * usual) / aim)); ; shards *= 2) {
    const packed = cut(batch, shards).map(packBatch);
    if (packed.every(({ length }) => length <= most) || shards > batch.sets.size * 2) return packed;
  }
};

interface Body {
  readonly kind: "short" | "long";
  readonly cluster: string;
  readonly timestamp: number;
  readonly shard: number;
}

const partition = (cluster: string) => `metrics#${cluster}`;
const headKey = (cluster: string, timestamp: number): Key => ({
  pk: partition(cluster),
  sk: `batch#${padded(timestamp)}`,
});
const bodyKey = ({ kind, cluster, timestamp, shard }: Body): Key => ({
  pk: partition(cluster),
  sk: `${kind}#${padded(timestamp)}#${String(shard).padStart(4, "0")}`,
});
/** So that the order of texts is that of times. */
const padded = (timestamp: number) => String(timestamp).padStart(14, "0");

const lives = { short: shortLife, long: longLife };

const bodyItem = (body: Body, bytes: Uint8Array): Item =>
  itemAt(bodyKey(body), { bytes: { B: bytes }, expires: expiry(body.timestamp + lives[body.kind] + slack) });

interface Head {
  readonly timestamp: number;
  readonly shards: number;
}

const headsOf = async (
  table: Table,
  { cluster, now, life }: { cluster: string; now: number; life: number },
): Promise<Head[]> => {
  const { pk, sk: first } = headKey(cluster, Math.max(0, now - life));
  const heads: Head[] = [];
  for await (const page of table.query({ pk, between: [first, "batch#~"] }))
    heads.push(
      ...page
        .map(known)
        .map((item) => ({ timestamp: numberOf(item, "at"), shards: numberOf(item, "shards") })),
    );
  return heads.filter(({ timestamp }) => isAlive(timestamp, { now, life }));
};

type Wanted = Omit<Body, "shard"> & Head;

const batchOf = async (
  table: Table,
  wanted: Wanted,
  keys: readonly string[] | undefined,
): Promise<DataBatch> => {
  const { kind, cluster, timestamp, shards } = wanted;
  const all = Array.from({ length: shards }, (_, shard) => shard);
  const needed = keys === undefined ? all : [...new Set(keys.map((key) => shardOf(key, shards)))];
  const bodies = needed.map((shard) => bodyKey({ kind, cluster, timestamp, shard }));
  const items = bodies.length === 0 ? [] : await table.getMany(bodies, ["pk", "sk", "v", "bytes"]);
  if (items.length < bodies.length)
    throw new Error(`metrics of ${cluster} at ${timestamp}: a part is missing in the table`);
  const inOrder = items.map(known).sort((a, b) => (textOf(a, "sk") < textOf(b, "sk") ? -1 : 1));
  const sets = inOrder.flatMap((item) => [...unpackBatch(bytesOf(item, "bytes")).sets]);
  return onlyKeys({ cluster, timestamp, sets: new Map(sets) }, keys);
};

import type { Item, Key, Table } from "../../table/dynamodb.ts";
import { bytesOf, expiry, itemAt, known, textOf } from "../../table/item.ts";
import { openPacked, type PackedSets } from "../unpack.ts";

/** One shard of one batch. */
export interface Shard {
  readonly kind: "short" | "long";
  readonly cluster: string;
  readonly timestamp: number;
  readonly shard: number;
}

export const partition = (cluster: string) => `metrics#${cluster}`;

const keyOf = ({ kind, cluster, timestamp, shard }: Shard): Key => ({
  pk: partition(cluster),
  sk: `${kind}#${padded(timestamp)}#${String(shard).padStart(4, "0")}`,
});
/** So that the order of texts is that of times. */
export const padded = (timestamp: number) => String(timestamp).padStart(14, "0");

/** Milliseconds that items outlive what they are read for: a reader may be on its way. */
export const slack = 60_000;

/** `life`: how long it is read, milliseconds. */
export const shardItem = (shard: Shard, bytes: Uint8Array, life: number): Item =>
  itemAt(keyOf(shard), { bytes: { B: bytes }, expires: expiry(shard.timestamp + life + slack) });

/** Reads shards, and keeps those that were read last: a batch never changes, and who asks for one entity asks again, or for its neighbours. */
export interface ShardReader {
  /** In their order; undefined where another version of this program wrote it. Rejects when one is missing. */
  read(shards: readonly Shard[]): Promise<(PackedSets | undefined)[]>;
}

export const createShardReader = (table: Table, mostCharacters = 24_000_000): ShardReader => {
  // In the order of their last use.
  const kept = new Map<string, PackedSets | undefined>();
  let size = 0;
  const remove = (name: string) => {
    size -= kept.get(name)?.size ?? 0;
    kept.delete(name);
  };
  const keep = (name: string, packed: PackedSets | undefined) => {
    remove(name);
    kept.set(name, packed);
    size += packed?.size ?? 0;
    for (const oldest of kept.keys()) {
      if (size <= mostCharacters) break;
      remove(oldest);
    }
  };
  return {
    read: async (shards) => {
      const names = shards.map(nameOf);
      const had = new Map(names.flatMap((name) => (kept.has(name) ? [[name, kept.get(name)]] : [])));
      const missing = shards.filter((_, at) => !had.has(names[at] ?? ""));
      for (const [name, packed] of await fetched(table, missing)) had.set(name, packed);
      for (const name of names) keep(name, had.get(name));
      return names.map((name) => had.get(name));
    },
  };
};

const nameOf = (shard: Shard) => Object.values(keyOf(shard)).join(" ");

const fetched = async (
  table: Table,
  shards: readonly Shard[],
): Promise<(readonly [string, PackedSets | undefined])[]> => {
  const [first] = shards;
  if (first === undefined) return [];
  const items = await table.getMany(shards.map(keyOf), ["pk", "sk", "v", "bytes"]);
  if (items.length < shards.length)
    throw new Error(`metrics of ${first.cluster} at ${first.timestamp}: a part is missing in the table`);
  return Promise.all(
    items
      .map(known)
      .map(
        async (item) =>
          [`${textOf(item, "pk")} ${textOf(item, "sk")}`, await openPacked(bytesOf(item, "bytes"))] as const,
      ),
  );
};

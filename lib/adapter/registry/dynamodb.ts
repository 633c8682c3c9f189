import * as z from "zod";
import type { Blobs } from "../../blob/blob.ts";
import type { Item, Table } from "../../table/dynamodb.ts";
import { format, known, number, text, textOf } from "../../table/item.ts";
import { packRecord, unpackRecord } from "./record.ts";
import type { Registries, RelistState } from "./registries.ts";

/** Registries in the table: one item per cluster, written on condition, and the packed registry as a blob. */
export const createDynamoRegistries = (table: Table, blobs: Blobs): Registries => ({
  state: async (cluster) => {
    const item = await table.get(keyOf(cluster));
    return item && stateOf(known(item));
  },
  record: async ({ registry }) => {
    const bytes = registry === undefined ? undefined : await blobs.get(registry);
    return bytes && unpackRecord(bytes);
  },
  take: (cluster, { at, since }) =>
    table.update(keyOf(cluster), "SET #v = :v, #taken = :at", {
      condition: "attribute_not_exists(#taken) OR #taken <= :since",
      values: { ":v": number(format), ":at": number(at), ":since": number(since) },
    }),
  finish: async (state, record) => {
    const held = await table.get(keyOf(state.cluster));
    const before = held && stateOf(known(held))?.registry;
    // Only who has taken the relist writes under its time, so the key is its own.
    const key = record === undefined ? before : `adapter/${state.cluster}/${state.began}`;
    if (record !== undefined && key !== undefined) await blobs.put(key, packRecord(record));
    const kept: RelistState = { ...state, ...(key !== undefined && { registry: key }) };
    const isKept = await table.update(keyOf(state.cluster), "SET #state = :state", {
      condition: "#taken = :began",
      values: { ":state": text(JSON.stringify(kept)), ":began": number(state.began) },
    });
    const leaving = isKept ? before : key;
    const isReplaced = record !== undefined && before !== key;
    if (isReplaced && leaving !== undefined) await blobs.expire(leaving, state.ended + lateReaders);
    return isKept;
  },
});

const keyOf = (cluster: string) => ({ pk: "adapter", sk: cluster });

/** Milliseconds that a replaced registry stays, for who has read its name already. */
const lateReaders = 3_600_000;

/** None while the first relist is under way. */
const stateOf = (item: Item): RelistState | undefined =>
  item.state === undefined ? undefined : schema.parse(JSON.parse(textOf(item, "state")));

const schema = z.object({
  cluster: z.string(),
  began: z.number(),
  ended: z.number(),
  good: z.number().exactOptional(),
  failures: z.number(),
  reason: z.string().exactOptional(),
  rules: z.string(),
  registry: z.string().exactOptional(),
});

import * as z from "zod";
import type { Blobs } from "../../blob/blob.ts";
import { sourceKinds } from "../../config/metrics/settings.ts";
import type { Item, Table } from "../../table/dynamodb.ts";
import { format, known, number, text, textOf } from "../../table/item.ts";
import type { DataBatch } from "../batch.ts";
import { packBatch } from "../pack.ts";
import { counters } from "../processors/rate.ts";
import { openPacked } from "../unpack.ts";
import type { CycleRecord, Cycles } from "./cycles.ts";
import { noTotals } from "./totals.ts";

/** Cycles in the table: one item per cluster, the counters of its last batch as a blob. */
export const createDynamoCycles = (table: Table, blobs: Blobs): Cycles => ({
  take: (cluster, end) =>
    table.update(keyOf(cluster), "SET #v = :v, #taken = :end", {
      condition: "attribute_not_exists(#taken) OR #taken < :end",
      values: { ":v": number(format), ":end": number(end) },
    }),
  latest: async (cluster) => {
    const item = await table.get(keyOf(cluster));
    const record = item && recordOf(known(item));
    const bytes = item?.counters?.S === undefined ? undefined : await blobs.get(item.counters.S);
    const packed = bytes && (await openPacked(bytes));
    const sets = packed && { [Symbol.iterator]: packed.sets };
    return {
      ...(record && { record }),
      ...(sets && { counters: { timestamp: packed.of.timestamp, sets } }),
    };
  },
  finish: async (record, batch) => {
    const { cluster, end } = record;
    const key = batch && (await keep(batch, blobs));
    return table.update(
      keyOf(cluster),
      `SET #v = :v, #finished = :end, #record = :record${key === undefined ? "" : ", #counters = :key"}`,
      {
        condition: "attribute_not_exists(#finished) OR #finished < :end",
        values: {
          ":v": number(format),
          ":end": number(end),
          ":record": text(JSON.stringify(record)),
          ...(key !== undefined && { ":key": text(key) }),
        },
      },
    );
  },
  records: async () => {
    const records: CycleRecord[] = [];
    for await (const page of table.query({ pk: partition }))
      records.push(...page.flatMap((item) => recordOf(known(item)) ?? []));
    return records;
  },
});

const partition = "metrics";
const keyOf = (cluster: string) => ({ pk: partition, sk: cluster });

/** Counters that are older than this tell no rate that anyone would want. */
const counterLife = 3_600_000;

/** Only who has taken the cycle writes under its end, so the key is its own. */
const keep = async (batch: DataBatch, blobs: Blobs): Promise<string> => {
  const { cluster, timestamp } = batch;
  const key = `metrics/counters/${cluster}/${timestamp}`;
  await blobs.put(key, await packBatch(batch, counters), timestamp + counterLife);
  return key;
};

/** None before the first cycle is finished. */
const recordOf = (item: Item): CycleRecord | undefined =>
  item.record === undefined ? undefined : schema.parse(JSON.parse(textOf(item, "record")));

const sinkState = z.object({
  exported: z.number(),
  dropped: z.number(),
  took: z.number(),
  tookInAll: z.number().default(0),
  lastAt: z.number().default(0),
  failing: z.string().exactOptional(),
});

const spent = z.object({ count: z.number(), milliseconds: z.number() });

/** Records from before there were totals begin them. */
const schema = z.object({
  cluster: z.string(),
  end: z.number(),
  took: z.number(),
  nodes: z.number(),
  failedNodes: z.number(),
  failures: z.record(z.string(), z.string()),
  problems: z.array(z.string()),
  sets: z.number(),
  processors: z.record(z.string(), z.number()),
  sinks: z.record(z.string(), sinkState),
  source: z.enum(sourceKinds).exactOptional(),
  scrapedAt: z.number().default(0),
  totals: z
    .object({
      scrapes: spent,
      kubelets: z.record(z.string(), spent),
      processors: z.record(z.string(), spent),
    })
    .default(noTotals),
});

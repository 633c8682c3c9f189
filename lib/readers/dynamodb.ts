import type { Item, Table } from "../table/dynamodb.ts";
import { expiry, itemAt, known, number, numberOf, text, textOf } from "../table/item.ts";
import { partitionOf, placeOf } from "./place.ts";
import { latestFirst, markLife, type ReaderMark, type ReaderMarks } from "./readers.ts";

export interface DynamoReaderMarksOptions {
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Milliseconds after which a write is given up, repetitions included: the reader waits for it. A tenth of a second unless told. */
  readonly within?: number;
}

/** Marks in the table, below a prefix that is theirs alone. */
export const createDynamoReaderMarks = (
  table: Pick<Table, "put" | "query">,
  { clock, within = 100 }: DynamoReaderMarksOptions,
): ReaderMarks => ({
  put: async (mark, pause) => {
    await table.put(itemOf(mark), {
      // Many processes may serve one reader.
      condition: "attribute_not_exists(#pk) OR #identity <> :identity OR #at <= :before",
      values: { ":identity": text(placeOf(mark).identity), ":before": number(mark.at - pause) },
      within,
    });
  },
  of: async (job) => {
    const marks: ReaderMark[] = [];
    for await (const page of table.query({ pk: partitionOf(job) })) {
      for (const item of page) {
        const mark = markIn(item, job);
        // TTL takes its time.
        if (mark.at + markLife > clock()) marks.push(mark);
      }
    }
    return latestFirst(marks);
  },
});

const itemOf = (mark: ReaderMark): Item => {
  const { reader, agent, shard, at } = mark;
  const { pk, sk, identity } = placeOf(mark);
  const part = shard === undefined ? {} : { shard: number(shard.index), of: number(shard.of) };
  const about = { reader: text(reader), agent: text(agent), identity: text(identity), ...part };
  return itemAt({ pk, sk }, { ...about, at: number(at), expires: expiry(at + markLife) });
};

const markIn = (item: Item, job: string): ReaderMark => ({
  job,
  reader: textOf(known(item), "reader"),
  agent: textOf(item, "agent"),
  shard: item.of && { index: numberOf(item, "shard"), of: numberOf(item, "of") },
  at: numberOf(item, "at"),
});

import type { Key, Table } from "../table/dynamodb.ts";
import { numberOf, text, textOf } from "../table/item.ts";
import {
  aboutPartition,
  changeAttributes,
  changeItem,
  changeOf,
  entriesOf,
  markAttributes,
  markOf,
  ownerItem,
  ownerOf,
  ownerPrefix,
  previousAttributes,
  replacements,
  stateBefore,
  termsItem,
  termsKey,
  termsOf,
} from "./item.ts";
import {
  type Change,
  type HistoryLog,
  isInStretch,
  type Mark,
  newestFirst,
  ownerLife,
  type Stretch,
} from "./log.ts";
import { type Partition, partitionKey, partitionOf, weeksBack } from "./partition.ts";

/** The log in the table: an item per change, found by its time through the index `moved`. */
export const createDynamoHistory = (table: Table, clock: () => number): HistoryLog => ({
  append: ({ changes, owners, retention, now }) =>
    table.putMany([
      ...changes.map((change) => changeItem(change, retention)),
      ...owners.map((owner) => ownerItem(owner, now + retention + ownerLife)),
    ]),
  marks: (partition, stretch) => marksIn(table, partition, stretch),
  changes: async (marks) => {
    const items = await table.getMany(marks.map(keyOf), changeAttributes);
    const found = new Map(items.map((item) => [`${textOf(item, "pk")} ${textOf(item, "sk")}`, item]));
    return marks.flatMap((mark) => {
      const { pk, sk } = keyOf(mark);
      const item = found.get(`${pk} ${sk}`);
      return item === undefined ? [] : [changeOf(item, mark)];
    });
  },
  successorOf: (change, now) => successorOf(table, change, now),
  owners: async () => {
    const owners = [];
    for await (const page of table.query({ pk: aboutPartition, between: [ownerPrefix, `${ownerPrefix}~`] }))
      for (const item of page) if (numberOf(item, "expires") * 1_000 > clock()) owners.push(ownerOf(item));
    return owners;
  },
  terms: async () => {
    const item = await table.get(termsKey);
    return item && termsOf(item);
  },
  putTerms: async (terms) => {
    await table.put(termsItem(terms));
  },
});

async function* marksIn(table: Table, partition: Partition, stretch: Stretch): AsyncGenerator<Mark[]> {
  const { since, until, after, source, most } = stretch;
  if (since > until) return;
  const own = source === undefined ? undefined : await marksOf(table, partition, source);
  if (own !== undefined) {
    yield own.filter(isInStretch(stretch)).sort(newestFirst);
    return;
  }
  const pages = table.query({
    pk: partitionKey(partition),
    index: "moved",
    since,
    until,
    backwards: true,
    attributes: markAttributes,
    ...(after && { after: { sk: after.key, moved: after.at } }),
    ...(source !== undefined && { filter: "#source = :source", values: { ":source": text(source) } }),
    ...(most !== undefined && source === undefined && { most }),
  });
  for await (const page of pages) yield page.map((item) => markOf(item, partition));
}

/**
 * All of one source, by their keys, so that a busy partition costs a quiet source nothing. They are in the order of versions, which
 * is not that of time when a source came back. Undefined when there are more than some reads bring: so many are found quickly
 * among those of the others.
 */
const marksOf = async (table: Table, partition: Partition, source: string): Promise<Mark[] | undefined> => {
  const between = entriesOf(partition.provider, source);
  const marks: Mark[] = [];
  let reads = 0;
  for await (const page of table.query({
    pk: partitionKey(partition),
    between,
    attributes: markAttributes,
  })) {
    reads += 1;
    if (reads > mostReads) return undefined;
    marks.push(...page.map((item) => markOf(item, partition)));
  }
  return marks;
};

/** Of a megabyte each. */
const mostReads = 16;

const keyOf = ({ partition, key }: Mark): Key => ({ pk: partitionKey(partition), sk: key });

/** Replaced in the week of the change, as a rule; a week earlier when two clocks differ. */
const successorOf = async (table: Table, { provider, source, at, version }: Change, now: number) => {
  const weeks = weeksBack(at - clocksDiffer, now).toReversed();
  for (const week of weeks) {
    const pk = partitionKey({ ...partitionOf(provider, source, at), week });
    const between = replacements(provider, source, version);
    for await (const [item] of table.query({ pk, between, attributes: previousAttributes, most: 1 }))
      if (item !== undefined) return stateBefore(item);
  }
  return undefined;
};

const clocksDiffer = 3_600_000;

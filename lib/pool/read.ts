import type { Blobs } from "../blob/blob.ts";
import { TransientError } from "../errors.ts";
import type { Item, Key, Table } from "../table/dynamodb.ts";
import { known, numberOf, textOf } from "../table/item.ts";
import {
  entryAttributes,
  entryOf,
  heldAttributes,
  heldOf,
  isExpired,
  isRemoved,
  sourceOf,
  stateOf,
} from "./item.ts";
import type { Entry, Held, Known } from "./pool.ts";

export interface Access {
  readonly table: Table;
  readonly blobs: Blobs;
}

/** Puts what one partition holds into the index, page by page. */
export const heldIn = async (
  table: Pick<Table, "query">,
  { partition, now, index }: { partition: string; now: number; index: Map<string, Held> },
): Promise<void> => {
  const query = { pk: partition, index: "moved", attributes: heldAttributes, most: mostOnPage } as const;
  for await (const page of table.query(query))
    for (const item of page) if (!isExpired(known(item), now)) index.set(sourceOf(item), heldOf(item));
};

/** Less than fills a page of DynamoDB's own size: whoever shares the process waits less for each, and an index is no answer that is wanted within milliseconds. */
const mostOnPage = 500;

/** The groups of one partition, tombstones left out. */
export const allIn = async (access: Access, partition: string): Promise<Entry[]> => {
  const entries: Entry[] = [];
  const query = {
    pk: partition,
    attributes: entryAttributes,
    filter: "#removed = :no",
    values: { ":no": { BOOL: false } },
  };
  for await (const page of access.table.query(query))
    entries.push(...(await entriesOf(access, partition, page)));
  return entries.filter(({ group }) => group !== undefined);
};

/** The keys of one partition's items that neither a reader nor the reducer can make anything of. */
export const unreadableIn = async ({ table, blobs }: Access, partition: string): Promise<Key[]> => {
  const keys: Key[] = [];
  for await (const page of table.query({ pk: partition }))
    for (const item of page) {
      if (!(await isReadable(item, { table, blobs }))) keys.push({ pk: partition, sk: textOf(item, "sk") });
    }
  return keys;
};

const isReadable = async (item: Item, { blobs }: Access): Promise<boolean> => {
  try {
    numberOf(item, "moved");
    const { place } = stateOf(item);
    if (place === undefined) return true;
    const body = "blob" in place ? await blobs.get(place.blob) : place.body;
    return body !== undefined && entryOf(item, body).group !== undefined;
  } catch (error) {
    if (error instanceof TransientError) throw error;
    return false;
  }
};

interface Moved {
  readonly partition: string;
  readonly since: number;
  readonly isKnown: Known;
}

/** What was applied to one partition at or after `since`: the index says what, the table is read only for what is news. */
export const movedIn = async (access: Access, { partition, since, isKnown }: Moved): Promise<Entry[]> => {
  const removed: Entry[] = [];
  // What moves while the pages are read is on a later one again.
  const keys = new Map<string, Key>();
  const query = { pk: partition, index: "moved", since, attributes: heldAttributes } as const;
  for await (const page of access.table.query(query))
    for (const item of page) {
      if (isKnown(sourceOf(item), heldOf(known(item)).version)) continue;
      if (isRemoved(item)) removed.push(entryOf(item));
      else keys.set(textOf(item, "sk"), { pk: partition, sk: textOf(item, "sk") });
    }
  const live = await access.table.getMany([...keys.values()], entryAttributes);
  return [...removed, ...(await entriesOf(access, partition, live))];
};

const entriesOf = async (access: Access, partition: string, items: readonly Item[]): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for (const item of items) {
    const entry = item.blob === undefined ? entryOf(item) : await largeEntry(access, partition, item);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
};

/** How often an item may be replaced, and its blob with it, between the two reads of one group. */
const mostReplacements = 3;

/** Undefined when the item is gone by now. */
const largeEntry = async (access: Access, pk: string, first: Item): Promise<Entry | undefined> => {
  let item: Item | undefined = first;
  for (let read = 0; read <= mostReplacements; read++) {
    const key: string | undefined = known(item).blob?.S;
    if (key === undefined) return entryOf(item);
    const body = await access.blobs.get(key);
    if (body !== undefined) return entryOf(item, body);
    item = await access.table.get({ pk, sk: textOf(item, "sk") });
    if (item === undefined) return undefined;
  }
  throw new TransientError(`pool ${pk}: the body of ${sourceOf(first)} is missing`);
};

import { hash } from "node:crypto";
import type { Item, Key } from "../table/dynamodb.ts";
import { bytesOf, expiry, itemAt, known, number, numberOf, text, textOf } from "../table/item.ts";
import type { TargetGroupChanged, Version } from "../targetgroup/event.ts";
import { decompressGroup } from "./body.ts";
import type { Entry, Held, Place, State } from "./pool.ts";
import { tombstoneLife } from "./reducer.ts";

/**
 * Partitions that a provider's sources are spread over, so that writes scale and a cold read runs in parallel. It is
 * part of every key: another number is another table.
 */
export const shardCount = 8;

/** The partitions of a provider, all of which a read of the provider asks. */
export const partitionsOf = (provider: string): string[] =>
  Array.from({ length: shardCount }, (_, shard) => `group#${provider}#${shard}`);

export const groupKey = (provider: string, source: string): Key => ({
  pk: `group#${provider}#${Number.parseInt(hash("sha256", source).slice(0, 8), 16) % shardCount}`,
  sk: isPlain(source) ? source : `${hashed}${hash("sha256", source)}`,
});

export interface GroupWrite {
  readonly event: TargetGroupChanged;
  readonly source: string;
  readonly targets: number;
  readonly place: Place;
  /** Unix milliseconds of the writer's clock. */
  readonly moved: number;
  /** Absent when the writer does not know. */
  readonly previous?: string;
}

export const groupItem = ({ event, source, targets, place, moved, previous }: GroupWrite): Item =>
  itemAt(groupKey(event.provider, source), {
    ...versionValues(event.version),
    hash: text(event.hash),
    removed: { BOOL: place === undefined },
    moved: number(moved),
    targets: number(targets),
    ...(previous !== undefined && { previous: text(previous) }),
    ...(!isPlain(source) && { source: text(source) }),
    ...(place === undefined && { expires: expiry(moved + tombstoneLife) }),
    ...(place && "body" in place && { body: { B: place.body } }),
    ...(place && "blob" in place && { blob: text(place.blob) }),
  });

/** The reducer's rule (reducer.ts) as a write condition. */
export const supersedesHeld = {
  condition: "attribute_not_exists(#pk) OR #epoch < :epoch OR (#epoch = :epoch AND #sequence < :sequence)",
  valuesOf: ({ epoch, sequence }: Version) => ({ ":epoch": number(epoch), ":sequence": number(sequence) }),
};

/** That the very state is held that was read, or still none. */
export const holdsStill = (state: State | undefined) =>
  state === undefined
    ? { condition: "attribute_not_exists(#pk)" }
    : {
        condition: "#epoch = :epoch AND #sequence = :sequence",
        values: supersedesHeld.valuesOf(state.version),
      };

const indexed = ["v", "sk", "source", "epoch", "sequence", "hash", "removed", "targets"];

/** What the index projects, and no more: anything else would be fetched from the table and paid for. */
export const heldAttributes = [...indexed, "moved"];
export const entryAttributes = [...indexed, "body", "blob"];

export const stateAttributes = [...entryAttributes, "pk", "previous"];

export const sourceOf = (item: Item): string => item.source?.S ?? textOf(item, "sk");

export const heldOf = (item: Item): Held => ({
  version: { epoch: numberOf(item, "epoch"), sequence: numberOf(item, "sequence") },
  hash: textOf(item, "hash"),
  removed: isRemoved(item),
  targets: numberOf(item, "targets"),
});

export const stateOf = (item: Item): State => ({
  ...heldOf(known(item)),
  place: placeIn(item),
  ...(item.previous?.S !== undefined && { previous: item.previous.S }),
});

const placeIn = (item: Item): Place => {
  if (isRemoved(item)) return undefined;
  return item.blob?.S === undefined ? { body: bytesOf(item, "body") } : { blob: item.blob.S };
};

export const isRemoved = (item: Item): boolean => item.removed?.BOOL === true;

/** The table's own expiry comes hours late, so whoever reads looks at the clock. */
export const isExpired = (item: Item, now: number): boolean =>
  isRemoved(item) && numberOf(item, "moved") + tombstoneLife <= now;

/** `body` is given when it lies in a blob. */
export const entryOf = (item: Item, body?: Uint8Array): Entry => {
  const { version, hash, removed } = heldOf(known(item));
  const source = sourceOf(item);
  return {
    source,
    version,
    hash,
    group: removed ? undefined : decompressGroup(body ?? bytesOf(item, "body"), source),
  };
};

const hashed = "sha256:";

/** Leaves room below DynamoDB's 1024 bytes for a sort key. */
const largestPlain = 900;

const isPlain = (source: string) => Buffer.byteLength(source) <= largestPlain && !source.startsWith(hashed);

const versionValues = ({ epoch, sequence }: Version) => ({
  epoch: number(epoch),
  sequence: number(sequence),
});

import { groupKey } from "../pool/item.ts";
import type { Place, State } from "../pool/pool.ts";
import { versionIn, versionText, versionTextLength } from "../pool/versiontext.ts";
import type { Item, Key } from "../table/dynamodb.ts";
import { bytesOf, expiry, itemAt, known, number, numberOf, text, textOf } from "../table/item.ts";
import type { Version } from "../targetgroup/event.ts";
import type { Change, Mark, Owner, Terms } from "./log.ts";
import { type Partition, partitionKey, partitionOf } from "./partition.ts";

/** Named by the state before and the version after, in that order: who replaced a state is then one range of keys. */
export const entryKey = ({ provider, source, at, before, version }: Change): Key => ({
  pk: partitionKey(partitionOf(provider, source, at)),
  sk: `${groupKey(provider, source).sk}#${versionText(before?.version)}#${versionText(version)}`,
});

/** The sort keys of entries about the replacement of one state. */
export const replacements = (provider: string, source: string, version: Version): [string, string] => {
  const prefix = `${groupKey(provider, source).sk}#${versionText(version)}#`;
  return [prefix, `${prefix}~`];
};

/** The sort keys of all entries of a source, and perhaps of a few whose name goes on behind a `#`. */
export const entriesOf = (provider: string, source: string): [string, string] => {
  const prefix = `${groupKey(provider, source).sk}#`;
  return [prefix, `${prefix}~`];
};

export const changeItem = (change: Change, retention: number): Item => {
  const { source, at, version, before, after, labels } = change;
  return itemAt(entryKey(change), {
    source: text(source),
    moved: number(at),
    epoch: number(version.epoch),
    sequence: number(version.sequence),
    hash: text(after.hash),
    removed: { BOOL: after.removed },
    targets: number(after.targets),
    expires: expiry(at + retention),
    labels: text(JSON.stringify([labels.added, labels.removed, labels.changed])),
    ...(before && beforeValues(before)),
  });
};

const beforeValues = ({ hash, removed, targets, place, previous }: State): Item => ({
  beforeHash: text(hash),
  beforeRemoved: { BOOL: removed },
  beforeTargets: number(targets),
  ...(previous !== undefined && { beforePrevious: text(previous) }),
  ...(place && "body" in place && { body: { B: place.body } }),
  ...(place && "blob" in place && { blob: text(place.blob) }),
});

/** What the index projects (infra/table.yml). */
export const markAttributes = ["v", "pk", "sk", "source", "moved", "epoch", "sequence", "removed"];
export const previousAttributes = [
  ...["v", "pk", "sk", "beforeHash", "beforeRemoved", "beforeTargets", "beforePrevious", "body", "blob"],
];
export const changeAttributes = [
  ...markAttributes,
  "hash",
  "targets",
  "labels",
  ...previousAttributes.slice(3),
];

export const markOf = (item: Item, partition: Partition): Mark => ({
  partition,
  key: textOf(known(item), "sk"),
  source: textOf(item, "source"),
  at: numberOf(item, "moved"),
  version: { epoch: numberOf(item, "epoch"), sequence: numberOf(item, "sequence") },
  before: beforeVersion(item),
  removed: item.removed?.BOOL === true,
});

export const changeOf = (item: Item, mark: Mark): Change => {
  const [added, removed, changed] = namesIn(textOf(known(item), "labels"));
  return {
    provider: mark.partition.provider,
    source: mark.source,
    at: mark.at,
    version: mark.version,
    before: stateBefore(item),
    after: { hash: textOf(item, "hash"), removed: mark.removed, targets: numberOf(item, "targets") },
    labels: { added: added ?? [], removed: removed ?? [], changed: changed ?? [] },
  };
};

export const stateBefore = (item: Item): State | undefined => {
  const version = beforeVersion(known(item));
  if (version === undefined) return undefined;
  const removed = item.beforeRemoved?.BOOL === true;
  return {
    version,
    hash: textOf(item, "beforeHash"),
    removed,
    targets: numberOf(item, "beforeTargets"),
    place: removed ? undefined : placeIn(item),
    ...(item.beforePrevious?.S !== undefined && { previous: item.beforePrevious.S }),
  };
};

const placeIn = (item: Item): Place =>
  item.blob?.S === undefined ? { body: bytesOf(item, "body") } : { blob: item.blob.S };

/** The key ends in both versions, whose texts have one length. */
const beforeVersion = (item: Item) => {
  const end = -(versionTextLength + 1);
  return versionIn(textOf(item, "sk").slice(end - versionTextLength, end));
};

const namesIn = (written: string): string[][] => {
  const lists: unknown = JSON.parse(written);
  return Array.isArray(lists) ? lists.map((names) => (Array.isArray(names) ? names.map(String) : [])) : [];
};

/** What is told of the history as a whole lies under one key, so that one query reads it. */
export const aboutPartition = "history";
export const termsKey: Key = { pk: aboutPartition, sk: "terms" };
export const ownerPrefix = "provider#";

export const termsItem = ({ retention, since }: Terms): Item =>
  itemAt(termsKey, { retention: number(retention), since: number(since) });

export const termsOf = (item: Item): Terms => ({
  retention: numberOf(known(item), "retention"),
  since: numberOf(item, "since"),
});

export const ownerItem = ({ provider, cluster, jobs }: Owner, expiresAt: number): Item =>
  itemAt(
    { pk: aboutPartition, sk: `${ownerPrefix}${provider}` },
    { cluster: text(cluster), jobs: { L: jobs.map(text) }, expires: expiry(expiresAt) },
  );

export const ownerOf = (item: Item): Owner => ({
  provider: textOf(known(item), "sk").slice(ownerPrefix.length),
  cluster: textOf(item, "cluster"),
  jobs: (item.jobs?.L ?? []).flatMap(({ S }) => S ?? []),
});

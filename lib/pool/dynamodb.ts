import type { Blobs } from "../blob/blob.ts";
import { reasonOf } from "../errors.ts";
import { inFlight, shared } from "../inflight.ts";
import type { Log } from "../log.ts";
import type { Key, Table } from "../table/dynamodb.ts";
import { expiry, format, itemAt, known, number, numberOf, textOf } from "../table/item.ts";
import { groupKey, partitionsOf, stateAttributes, stateOf } from "./item.ts";
import type { ReducerLag } from "./lag.ts";
import type { Held, Pool } from "./pool.ts";
import { allIn, heldIn, movedIn, unreadableIn } from "./read.ts";
import type { Rebuilds } from "./rebuild.ts";
import type { Releases } from "./release.ts";
import type { ProviderStatus, Statuses } from "./status.ts";
import { readStatus, statusItem, statusKey, statusPartition } from "./statusitem.ts";
import { offerGroup, replaceState } from "./write.ts";

export interface DynamoPoolOptions {
  /** Where bodies over 300 kB go. */
  readonly blobs: Blobs;
  /** Unix milliseconds, as everywhere. */
  readonly clock: () => number;
}

/** The pool in the table: one item per source, one conditional write per event (design §3.3). */
export const createDynamoPool = (table: Table, { blobs, clock }: DynamoPoolOptions): Pool => {
  const access = { table, blobs };
  const bumps = new Map<string, () => Promise<void>>();
  return {
    offer: (event, group) => offerGroup({ table, blobs, clock }, event, group),
    states: async (names) => {
      const keys = names.map(({ provider, source }) => groupKey(provider, source));
      const distinct = new Map(keys.map((key) => [nameOf(key), key]));
      const items = await table.getMany([...distinct.values()], stateAttributes);
      const found = new Map(
        items.map((item) => [nameOf({ pk: textOf(item, "pk"), sk: textOf(item, "sk") }), stateOf(item)]),
      );
      return keys.map((key) => found.get(nameOf(key)));
    },
    replace: (event, group, instead) => replaceState({ table, blobs, clock }, { event, group }, instead),
    bump: (provider) => {
      // One for all batches that have come to their end while another one is under way.
      const bump = bumps.get(provider) ?? shared(() => bumpGeneration(table, provider));
      bumps.set(provider, bump);
      return bump();
    },
    index: async (provider) => {
      const now = clock();
      const index = new Map<string, Held>();
      await inFlight(indexesUnderWay, partitionsOf(provider), (partition) =>
        heldIn(table, { partition, now, index }),
      );
      return index;
    },
    generations: async (providers) => {
      const keys = [...new Set(providers)].map(generationKey);
      const items = await table.getMany(keys, ["v", "pk", "n"]);
      const found = new Map(items.map((item) => [textOf(item, "pk"), numberOf(known(item), "n")]));
      return new Map(providers.map((provider) => [provider, found.get(generationKey(provider).pk) ?? 0]));
    },
    all: async (provider) =>
      (await Promise.all(partitionsOf(provider).map((partition) => allIn(access, partition)))).flat(),
    unreadable: async (provider) =>
      (await Promise.all(partitionsOf(provider).map((partition) => unreadableIn(access, partition)))).flat(),
    drop: async (places) => {
      await inFlight(dropsUnderWay, places, (place) => table.remove(place));
    },
    moved: async (provider, since, isKnown = () => false) => {
      const moved = partitionsOf(provider).map((partition) => movedIn(access, { partition, since, isKnown }));
      return (await Promise.all(moved)).flat();
    },
  };
};

/**
 * One item per provider, all under one key, so that one query lists them. A record that cannot be read is left out and
 * told: its provider counts as one that was never looked at, and the next look writes the record anew.
 */
export const createDynamoStatuses = (table: Table, log: Pick<Log, "warn">): Statuses => ({
  list: async () => {
    const statuses: ProviderStatus[] = [];
    for await (const page of table.query({ pk: statusPartition })) {
      for (const item of page) {
        try {
          statuses.push(readStatus(item));
        } catch (error) {
          log.warn("record left out", { reason: reasonOf(error) });
        }
      }
    }
    return statuses;
  },
  put: async (status) => {
    await table.put(statusItem(status));
  },
  remove: (provider) => table.remove(statusKey(provider)),
});

/** One item per provider; it may go once nobody can wait for it any more. */
export const createDynamoReleases = (table: Table, clock: () => number): Releases => ({
  release: async (provider, since) => {
    const expires = expiry(clock() + releaseLife);
    await table.put(itemAt(releaseKey(provider), { since: number(since), expires }));
  },
  released: async (provider) => {
    const item = await table.get(releaseKey(provider));
    return item && numberOf(known(item), "since");
  },
});

/** One item per provider, all under one key, so that one query tells whether anybody wants anything. */
export const createDynamoRebuilds = (table: Table, clock: () => number): Rebuilds => ({
  ask: async (provider, epoch) => {
    const expires = expiry(clock() + releaseLife);
    await table.put(itemAt({ pk: rebuildPartition, sk: provider }, { epoch: number(epoch), expires }));
  },
  asked: async () => {
    const epochs = new Map<string, number>();
    for await (const page of table.query({ pk: rebuildPartition }))
      for (const item of page) epochs.set(textOf(known(item), "sk"), numberOf(item, "epoch"));
    return epochs;
  },
});

/** What the reducer last said of itself. */
export const createDynamoLag = (table: Table, clock: () => number): ReducerLag => ({
  record: async (seconds) => {
    await table.put(itemAt(lagKey, { lagSeconds: number(seconds), at: number(clock()) }));
  },
  read: async () => {
    const item = await table.get(lagKey);
    if (item === undefined) return undefined;
    return { seconds: numberOf(known(item), "lagSeconds"), at: numberOf(item, "at") };
  },
});

const bumpGeneration = async (table: Table, provider: string): Promise<void> => {
  const values = { ":one": number(1), ":v": number(format) };
  await table.update(generationKey(provider), "ADD #n :one SET #v = :v", { values });
};

const nameOf = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);

const generationKey = (provider: string) => ({ pk: `generation#${provider}`, sk: "generation" });

const releaseKey = (provider: string) => ({ pk: `release#${provider}`, sk: "release" });

/** A look comes within the interval; a source that fails for longer than this has to be released anew. */
const releaseLife = 7 * 24 * 3600_000;

const rebuildPartition = "rebuild";

const dropsUnderWay = 16;

/** Nobody waits for it as for a list, and whoever reads one, which a reader does wait for, has the rest of the table and of this process. */
const indexesUnderWay = 2;

const lagKey = { pk: "reducer", sk: "lag" };

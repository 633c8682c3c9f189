import { randomUUID } from "node:crypto";
import { TransientError } from "../errors.ts";
import type { Item, Table } from "../table/dynamodb.ts";
import { itemAt, known, number, numberOf, text, textOf } from "../table/item.ts";
import { nextEpoch } from "./epoch.ts";
import type { Held, LastTaking, Lease, LeaseRequest, Leases } from "./lease.ts";

export interface DynamoLeasesOptions {
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Tells one taking from another of the same holder. */
  readonly nonce?: () => string;
}

/**
 * One item per cluster, kept for ever: it remembers the last epoch. `until` is 0 once the lease was given back.
 * Expiry is judged by the taker's clock, so a lease should be longer than any two clocks differ.
 */
export const createDynamoLeases = (
  table: Table,
  { clock, nonce = randomUUID }: DynamoLeasesOptions,
): Leases => ({
  take: async (request) => {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const last = await table.get(leaseKey(request.cluster));
      const held = heldAt(last, clock());
      if (held !== undefined) return held;
      const lease = await takeAfter(last, { request, table, now: clock(), taking: nonce() });
      if (lease !== undefined) return lease;
    }
    throw new TransientError(
      `lease ${request.cluster}: it changed hands ${mostAttempts} times while asked for`,
    );
  },
  holder: async (cluster) => heldAt(await table.get(leaseKey(cluster)), clock()),
  last: async (cluster) => takingIn(await table.get(leaseKey(cluster))),
  renew: async (lease, milliseconds) => {
    const expiresAt = clock() + milliseconds;
    const renewed = await table.update(leaseKey(lease.cluster), "SET #until = :until", {
      condition: "#epoch = :epoch AND #until > :zero",
      values: { ":until": number(expiresAt), ":epoch": number(lease.epoch), ":zero": number(0) },
    });
    return renewed ? { ...lease, expiresAt } : undefined;
  },
  revoke: async (cluster) => {
    await table.update(leaseKey(cluster), "SET #until = :zero", {
      condition: "attribute_exists(#epoch)",
      values: { ":zero": number(0) },
    });
  },
  giveBack: async ({ cluster, epoch }) => {
    await table.update(leaseKey(cluster), "SET #until = :zero", {
      condition: "#epoch = :epoch",
      values: { ":zero": number(0), ":epoch": number(epoch) },
    });
  },
});

const mostAttempts = 5;

const leaseKey = (cluster: string) => ({ pk: "lease", sk: cluster });

const heldAt = (item: Item | undefined, now: number): Held | undefined => {
  const last = takingIn(item);
  return last !== undefined && last.until > now ? { heldBy: last.heldBy, until: last.until } : undefined;
};

const takingIn = (item: Item | undefined): LastTaking | undefined =>
  item && {
    heldBy: textOf(known(item), "holder"),
    until: numberOf(item, "until"),
    epoch: numberOf(item, "epoch"),
  };

interface Taking {
  readonly request: LeaseRequest;
  readonly table: Table;
  readonly now: number;
  /** Written with the lease, to recognise it. */
  readonly taking: string;
}

/** Undefined when somebody else was faster. */
const takeAfter = async (last: Item | undefined, { request, table, now, taking }: Taking) => {
  const { cluster, holder, milliseconds } = request;
  const previous = last && numberOf(last, "epoch");
  const epoch = nextEpoch(previous, now);
  const lease: Lease = {
    cluster,
    holder,
    epoch,
    ...(previous !== undefined && { previous }),
    expiresAt: now + milliseconds,
  };
  const item = itemAt(leaseKey(cluster), {
    epoch: number(epoch),
    holder: text(holder),
    until: number(lease.expiresAt),
    taking: text(taking),
  });
  const { written } = await table.put(item, unchangedSince(last));
  return written || (await isOurs(table, cluster, taking)) ? lease : undefined;
};

const unchangedSince = (last: Item | undefined) =>
  last === undefined
    ? { condition: "attribute_not_exists(#pk)" }
    : {
        condition: "#epoch = :last AND #until = :until",
        values: { ":last": number(numberOf(last, "epoch")), ":until": number(numberOf(last, "until")) },
      };

/** The SDK repeats a write whose answer got lost; the repetition then finds our own lease in its way. */
const isOurs = async (table: Table, cluster: string, taking: string) =>
  (await table.get(leaseKey(cluster)))?.taking?.S === taking;

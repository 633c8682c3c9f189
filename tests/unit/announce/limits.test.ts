import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { claimBytes, createAnnouncer } from "../../../lib/announce/announce.ts";
import { createDynamoBlobs } from "../../../lib/blob/dynamodb.ts";
import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import { createClient, createEventBridgeBus } from "../../../lib/bus/eventbridge.ts";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import { compressGroup } from "../../../lib/pool/body.ts";
import { createDynamoPool } from "../../../lib/pool/dynamodb.ts";
import { groupKey } from "../../../lib/pool/item.ts";
import { fetchGroup } from "../../../lib/reduce/claim.ts";
import { targetGroupChangedSchema } from "../../../lib/targetgroup/event.ts";
import type { TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";
import { startTable } from "../../contract/table.ts";
import { type AwsAnswer, startAwsService } from "../../fakes/awsservice.ts";

const nextTable = startTable();
const provider = { id: "kubernetes/0123456789ab", cluster: "c", jobs: ["pods"] };
const now = 1_790_000_000_000;

describe("a group at the edge of the claim check", () => {
  test("travels in its event up to 60,000 bytes of JSON, and by claim from the next byte on", async () => {
    for (const [bytes, isClaimed] of [
      [claimBytes - 1, false],
      [claimBytes, false],
      [claimBytes + 1, true],
    ] as const) {
      const [event] = await announced([groupOf("a", bytes)]);
      assert.equal(event?.claim !== undefined, isClaimed, `${bytes} bytes`);
      assert.equal(event?.group === undefined, isClaimed);
    }
  });

  test("travels so whatever its characters are: UTF-8 bytes count", async () => {
    const texts = fc.string({ unit: "binary", minLength: 14_000, maxLength: 32_000, size: "max" });
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const group = { source: "a", labels: { text }, targets: [{ __address__: "a:1" }] };
        const [event] = await announced([group]);
        const bytes = Buffer.byteLength(JSON.stringify(group));
        assert.equal(event?.claim?.bytes ?? 0, bytes > claimBytes ? bytes : 0);
      }),
      { numRuns: 20 },
    );
  });

  test("fits with its neighbours into requests that EventBridge takes, however full each event is", async () => {
    const requests: number[] = [];
    const service = await startAwsService((_, input): AwsAnswer => {
      const entries = entriesIn(input);
      const size = entries.reduce((sum, { Source, DetailType, Detail }) => {
        return sum + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
      }, 0);
      requests.push(size);
      return { body: { FailedEntryCount: 0, Entries: entries.map((_, at) => ({ EventId: `${at}` })) } };
    });
    const bus = createEventBridgeBus("rollcall", { client: createClient(service.config) });
    const announce = createAnnouncer({ bus, blobs: createMemoryBlobs(() => now), clock: () => now });
    const groups = Array.from({ length: 10 }, (_, at) => groupOf(`pod/${at}`, claimBytes));
    await announce(announcementOf(groups));
    assert.deepEqual(
      requests.map((size) => size > 60_000 && size <= 256 * 1024),
      [true, true, true],
    );
  });
});

describe("a group far over the claim check", () => {
  test("arrives whole in the pool by way of the table, at six megabytes too", async () => {
    const { announce, events, blobs, pool } = await withTable();
    const targets = Array.from({ length: 30_000 }, (_, at) => ({
      __address__: `127.${at >> 16}.${(at >> 8) & 255}.${at & 255}:9100`,
      __meta_filler: "x".repeat(150),
    }));
    const group = { source: "file/targets.json", labels: {}, targets };
    await announce({ ...announcementOf([group]), observedAt: Date.now() });
    const [event] = events();
    assert.ok(event?.claim !== undefined && event.claim.bytes > 6_000_000, `${event?.claim?.bytes} bytes`);
    assert.ok(Buffer.byteLength(JSON.stringify(event)) < 1000);
    const fetched = await fetchGroup(event, blobs);
    assert.equal(await pool.offer(event, fetched), "applied");
    assert.deepEqual((await pool.all(provider.id))[0]?.group, group);
  });
});

describe("a body at the edge of what an item takes", () => {
  test("lies in the item up to 300,000 compressed bytes, and in pieces from the next on", async () => {
    const { table, pool } = await withTable();
    for (const [bytes, isBlob] of [
      [300_000, false],
      [300_001, true],
    ] as const) {
      const group = compressedTo(bytes, `pod/${bytes}`);
      const [event] = await announced([group]);
      await pool.offer(event!, group);
      const item = await table.get(groupKey(provider.id, group.source));
      assert.deepEqual([item?.blob !== undefined, item?.body === undefined], [isBlob, isBlob], `${bytes}`);
    }
    const groups = (await pool.all(provider.id)).map(({ source, group }) => [
      source,
      compressGroup(group!).length,
    ]);
    assert.deepEqual(groups.sort(), [
      ["pod/300000", 300_000],
      ["pod/300001", 300_001],
    ]);
  });

  test("goes with the longest names that there are, and history keeps it when it is replaced", async () => {
    const { pool } = await withTable();
    const source = `endpoints/${"n".repeat(63)}/${"s".repeat(253)}`;
    const [first, second] = [compressedTo(300_000, source), compressedTo(299_000, source)];
    const [event] = await announced([first]);
    await pool.offer(event!, first);
    const [held] = await pool.states([{ provider: provider.id, source }]);
    const [next] = await announced([second], 8);
    const outcome = await pool.replace(next!, second, { of: held, keptUntil: Date.now() + 60_000 });
    assert.equal(outcome, "applied");
    assert.deepEqual((await pool.all(provider.id))[0]?.group, second);
  });
});

/** A group of exactly so many bytes of JSON. */
const groupOf = (source: string, bytes: number): TargetGroup => {
  const group = { source, labels: { filler: "" }, targets: [{ __address__: "127.0.0.1:1" }] };
  const filler = "x".repeat(bytes - Buffer.byteLength(JSON.stringify(group)));
  return { ...group, labels: { filler } };
};

/** A group whose compressed body has exactly so many bytes: noise, cut to measure. */
const compressedTo = (bytes: number, source: string): TargetGroup => {
  const noise = randomBytes(bytes).toString("base64url");
  let [low, high] = [0, noise.length];
  const made = (length: number, end = "") => ({
    source,
    labels: { noise: noise.slice(0, length), end },
    targets: [{ __address__: "127.0.0.1:1" }],
  });
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compressGroup(made(middle)).length < bytes) low = middle + 1;
    else high = middle;
  }
  for (let length = low; length > low - 200; length -= 1)
    for (let end = 0; end < 200; end += 1) {
      const group = made(length, noise.slice(0, end));
      if (compressGroup(group).length === bytes) return group;
    }
  throw new Error(`no group of ${bytes} bytes found`);
};

const announcementOf = (groups: readonly TargetGroup[], epoch = 7) => ({
  provider,
  changes: groups.map((group) => ({ kind: "added" as const, group })),
  lease: { cluster: "c", epoch, expiresAt: () => now + 60_000, end: async () => undefined },
  sequence: { next: 1 },
  observedAt: now,
});

const announced = async (groups: readonly TargetGroup[], epoch?: number) => {
  const bus = createMemoryBus();
  const announce = createAnnouncer({ bus, blobs: createMemoryBlobs(() => now), clock: () => now });
  await announce(announcementOf(groups, epoch));
  return bus.entries.map(({ detail }) => targetGroupChangedSchema.parse(detail));
};

const withTable = async () => {
  const table = await nextTable();
  const blobs = createDynamoBlobs(table, Date.now);
  const pool = createDynamoPool(table, { blobs, clock: Date.now });
  const bus = createMemoryBus();
  const announce = createAnnouncer({ bus, blobs, clock: () => now });
  const events = () => bus.entries.map(({ detail }) => targetGroupChangedSchema.parse(detail));
  return { table, blobs, pool, announce, events };
};

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

const entriesIn = (input: unknown): readonly Entry[] => {
  assert.ok(
    typeof input === "object" && input !== null && "Entries" in input && Array.isArray(input.Entries),
  );
  return input.Entries;
};

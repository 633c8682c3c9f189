import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { cumulative, emptySet, gauge, type MetricSet, metricTypes } from "../../../lib/metrics/batch.ts";
import { packBatch } from "../../../lib/metrics/pack.ts";
import { openPacked } from "../../../lib/metrics/unpack.ts";
import { unpacked } from "./batches.ts";

const batchOf = (sets: readonly (readonly [string, MetricSet])[]) => ({
  cluster: "prod-eu",
  timestamp: Date.UTC(2026, 0, 2, 3, 4),
  sets: new Map(sets),
});

const value = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double().map((double) => double + 0),
);
const ordinary = { noNullPrototype: true } as const;
const measured = fc.record({ type: fc.constantFrom(...metricTypes), value }, ordinary);
const labels = fc.dictionary(fc.string(), fc.string(), ordinary);
const time = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const labeled = fc.record(
  { name: fc.string(), type: fc.constantFrom(...metricTypes), value, labels },
  ordinary,
);
const set: fc.Arbitrary<MetricSet> = fc.record(
  {
    collectionStart: time,
    entityCreated: time,
    scraped: time,
    labels,
    values: fc.array(fc.tuple(fc.string(), measured)).map((entries) => new Map(entries)),
    labeled: fc.array(labeled),
  },
  ordinary,
);

describe("a packed batch", () => {
  test("comes back as it was, whatever is in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string(), set)), async (sets) => {
        const batch = batchOf(sets);
        const bytes = await packBatch(batch);
        assert.deepEqual(await unpacked(bytes), batch);
        const packed = await openPacked(bytes);
        for (const [key, one] of batch.sets) assert.deepEqual(packed?.set(key), one);
        assert.deepEqual(
          [...(packed?.labels() ?? [])],
          [...batch.sets].map(([key, { labels }]) => [key, labels]),
        );
        assert.equal(packed?.set("no such key, and no other's beginning"), undefined);
      }),
    );
  });

  test("keeps counters beyond 53 bits and times to the nanosecond", async () => {
    const one: MetricSet = {
      ...emptySet({ type: "node" }),
      scraped: 1_767_322_999_123_456_789n,
      values: new Map([
        ["cpu/usage", cumulative(9_007_199_254_740_993n)],
        ["cpu/node_utilization", gauge(Number.NaN)],
      ]),
    };
    const back = (await unpacked(await packBatch(batchOf([["node:a", one]]))))?.sets.get("node:a");
    assert.deepEqual(back, one);
  });

  test("takes a fraction of what it takes written out", async () => {
    const labelsOf = (at: number) => ({
      type: "pod",
      pod_name: `web-${at}`,
      namespace_name: "shop",
      nodename: "node-1",
    });
    const values = (at: number) =>
      new Map(
        ["memory/usage", "memory/rss", "cpu/usage_rate"].map((name) => [name, gauge(BigInt(at * 1_000_003))]),
      );
    const sets = Array.from(
      { length: 500 },
      (_, at) => [`namespace:shop/pod:web-${at}`, { ...emptySet(labelsOf(at)), values: values(at) }] as const,
    );
    assert.ok((await packBatch(batchOf(sets))).length < 40 * 500);
  });

  test("is none when another version wrote it, and refused when nobody did", async () => {
    const bytes = (text: string) => deflateRawSync(text);
    assert.equal(await unpacked(bytes(JSON.stringify({ version: 1, sets: [] }))), undefined);
    assert.equal(await unpacked(bytes('{"version":3}\n["key",0]')), undefined);
    for (const bad of [Buffer.from("no batch"), bytes("{}"), bytes("7"), bytes('{"version":2'), bytes("")])
      await assert.rejects(unpacked(bad), /a batch of metrics in the table cannot be read/);
  });

  test("finds a set whose key is another's beginning or looks like a line", async () => {
    const keys = ["node:a", "node:a/container:b", 'x",0]\n["node:c",0', "node:c", ""];
    const batch = batchOf(
      keys.map((key, at) => [key, { ...emptySet({ key }), values: new Map([["v", gauge(at)]]) }]),
    );
    const packed = await openPacked(await packBatch(batch));
    for (const [at, key] of keys.entries()) {
      assert.equal(packed?.set(key)?.labels.key, key);
      assert.equal(packed?.set(key)?.values.get("v")?.value, at);
    }
  });
});

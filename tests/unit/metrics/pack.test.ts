import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { cumulative, emptySet, gauge, type MetricSet, metricTypes } from "../../../lib/metrics/batch.ts";
import { packBatch, unpackBatch } from "../../../lib/metrics/pack.ts";

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
  test("comes back as it was, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), set)), (sets) => {
        const batch = batchOf(sets);
        assert.deepEqual(unpackBatch(packBatch(batch)), batch);
      }),
    );
  });

  test("keeps counters beyond 53 bits and times to the nanosecond", () => {
    const one: MetricSet = {
      ...emptySet({ type: "node" }),
      scraped: 1_767_322_999_123_456_789n,
      values: new Map([
        ["cpu/usage", cumulative(9_007_199_254_740_993n)],
        ["cpu/node_utilization", gauge(Number.NaN)],
      ]),
    };
    const back = unpackBatch(packBatch(batchOf([["node:a", one]]))).sets.get("node:a");
    assert.deepEqual(back, one);
  });

  test("takes a fraction of what it takes written out", () => {
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
    assert.ok(packBatch(batchOf(sets)).length < 40 * 500);
  });

  test("is refused when it is of another version or none at all", () => {
    const other = deflateRawSync(JSON.stringify({ version: 2 }));
    assert.throws(() => unpackBatch(other), /cannot be read/);
    assert.throws(() => unpackBatch(Buffer.from("no batch")), /cannot be read/);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { cumulative, type DataBatch } from "../../../../lib/metrics/batch.ts";
import { packBatch } from "../../../../lib/metrics/pack.ts";
import { counters, countersOf, createRateCalculator } from "../../../../lib/metrics/processors/rate.ts";
import { batchOf, minute, start, unpacked, valuesOf, type WrittenSet } from "../batches.ts";

const node = (values: WrittenSet["values"] & object, more: WrittenSet = {}) => ({
  "node:a": { values, ...more },
});
const at = (minutes: number) => start + minutes * minute;

/** What one cycle makes of another, the previous batch having been in the table in between. */
const rated = async (previous: DataBatch | undefined, batch: DataBatch): Promise<DataBatch> => {
  const kept = previous && (await unpacked(await packBatch(previous, counters)));
  createRateCalculator(kept).process(batch);
  return batch;
};

describe("the rate calculator", () => {
  test("makes thousandths of a core of CPU time, cut towards zero, and seconds of everything else", async () => {
    const before = batchOf(
      node(
        { "cpu/usage": [1_000_000_000], "network/rx": [1000], "memory/page_faults": [7] },
        { scraped: at(0) },
      ),
      at(1),
    );
    const after = batchOf(
      node(
        { "cpu/usage": [4_000_000_999], "network/rx": [4000], "memory/page_faults": [7] },
        { scraped: at(1) },
      ),
      at(2),
    );
    const values = valuesOf(await rated(before, after), "node:a");
    assert.equal(values["cpu/usage_rate"], 50n);
    assert.equal(values["network/rx_rate"], 50);
    assert.equal(values["memory/page_faults_rate"], 0);
    assert.equal(after.sets.get("node:a")?.values.get("network/rx_rate")?.type, "gauge");
  });

  test("gives a negative rate when a counter falls and its start time stays (C6)", async () => {
    const before = batchOf(node({ "cpu/usage": [9_000_000_000] }, { scraped: at(0) }), at(1));
    const after = batchOf(node({ "cpu/usage": [3_000_000_000] }, { scraped: at(1) }), at(2));
    assert.equal(valuesOf(await rated(before, after), "node:a")["cpu/usage_rate"], -100n);
  });

  test("gives none when the start time is another (C6)", async () => {
    const before = batchOf(node({ "cpu/usage": [9_000_000_000] }, { scraped: at(0), began: at(-9) }), at(1));
    const after = batchOf(node({ "cpu/usage": [3_000_000_000] }, { scraped: at(1), began: at(0) }), at(2));
    assert.deepEqual(valuesOf(await rated(before, after), "node:a"), { "cpu/usage": 3_000_000_000n });
  });

  test("gives none without a previous batch, one that is not earlier, a later measurement or both counters", async () => {
    const fresh = (timestamp: number, scraped: number) =>
      batchOf(node({ "cpu/usage": [5_000_000_000] }, { scraped }), timestamp);
    const only = (batch: DataBatch) =>
      assert.deepEqual(Object.keys(valuesOf(batch, "node:a")), ["cpu/usage"]);
    only(await rated(undefined, fresh(at(1), at(1))));
    only(await rated(fresh(at(1), at(0)), fresh(at(1), at(1))));
    only(await rated(fresh(at(2), at(0)), fresh(at(1), at(1))));
    only(await rated(fresh(at(1), at(1)), fresh(at(2), at(1))));
    only(await rated(batchOf(node({ "network/rx": [1] }, { scraped: at(0) }), at(1)), fresh(at(2), at(1))));
  });

  test("matches disks by their resource and keeps their labels", async () => {
    const disk = (resource: string, value: bigint) => ({
      name: "disk/io_read_bytes",
      labels: { resource_id: resource },
      type: "gauge" as const,
      value,
    });
    const before = batchOf(
      { "node:a": { labeled: [disk("sda", 10n), disk("sdb", 5n)], scraped: at(0) } },
      at(1),
    );
    const after = batchOf(
      { "node:a": { labeled: [disk("sdb", 605n), disk("sdc", 7n)], scraped: at(1) } },
      at(2),
    );
    await rated(before, after);
    assert.deepEqual(after.sets.get("node:a")?.labeled.slice(2), [
      { name: "disk/io_read_bytes_rate", labels: { resource_id: "sdb" }, type: "gauge", value: 10 },
    ]);
  });

  test("counts on beyond 53 bits", async () => {
    const big = 2n ** 62n;
    const before = batchOf(node({ "cpu/usage": [big] }, { scraped: at(0) }), at(1));
    const after = batchOf(node({ "cpu/usage": [big + 60_000_000n] }, { scraped: at(1) }), at(2));
    assert.equal(valuesOf(await rated(before, after), "node:a")["cpu/usage_rate"], 1n);
  });

  test("over any run of batches, resets, gaps and repetitions makes each rate of two neighbours of one life", async () => {
    const step = fc.record({
      minutes: fc.integer({ min: 0, max: 3 }),
      growth: fc.bigInt({ min: 0n, max: 10n ** 14n }),
      restarts: fc.boolean(),
      missing: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        let held: DataBatch | undefined;
        let [time, usage, began] = [at(0), 0n, at(-100)];
        let seen: { time: number; usage: bigint; began: number } | undefined;
        for (const { minutes, growth, restarts, missing } of steps) {
          time += minutes * minute;
          if (restarts) [usage, began] = [0n, began + 1];
          usage += growth;
          const batch = missing
            ? batchOf({}, time)
            : batchOf(node({ "cpu/usage": [usage] }, { scraped: time, began }), time);
          const isNew = held === undefined || time > held.timestamp;
          const expected =
            isNew && !missing && seen !== undefined && seen.began === began
              ? (1000n * (usage - seen.usage)) / (BigInt(time - seen.time) * 1_000_000n)
              : undefined;
          assert.equal(valuesOf(await rated(held, batch), "node:a")["cpu/usage_rate"], expected);
          assert.ok((expected ?? 0n) >= 0n);
          if (!isNew) continue;
          held = batch;
          seen = missing ? undefined : { time, usage, began };
        }
      }),
    );
  });

  test("keeps of a batch only counters and their times", async () => {
    const batch = batchOf({
      "node:a": { values: { "cpu/usage": [5], "memory/usage": 6 }, labels: { type: "node" }, scraped: at(0) },
      "namespace:shop": { values: { "memory/usage": 6 } },
    });
    batch.sets.get("node:a")?.values.set("uptime", cumulative(1n));
    const kept = countersOf(batch);
    assert.deepEqual([...kept.sets.keys()], ["node:a"]);
    assert.deepEqual(valuesOf(kept, "node:a"), { "cpu/usage": 5n });
    assert.deepEqual(kept.sets.get("node:a")?.labels, {});
  });
});

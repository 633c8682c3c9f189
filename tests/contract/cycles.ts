import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cumulative, type DataBatch, emptySet } from "../../lib/metrics/batch.ts";
import type { Cycles } from "../../lib/metrics/cycles/cycles.ts";
import { cycleRecord, sinkState } from "../fakes/cycles.ts";

const minute = 60_000;

/** What collecting stands on, whatever keeps it. */
export const cyclesContract = (name: string, makeCycles: () => Promise<Cycles>) =>
  describe(`cycles on ${name}`, () => {
    const end = Math.floor(Date.now() / minute) * minute;
    const record = (at: number, cluster = "prod-eu") =>
      cycleRecord({
        cluster,
        end: at,
        failedNodes: 1,
        failures: { "node-1": "no route" },
        processors: { "rate calculator": 1 },
        sinks: {
          log: sinkState({ took: 1, tookInAll: 9, lastAt: at }),
          influxdb: sinkState({ exported: 0, dropped: 1, took: 2, failing: "away" }),
        },
        source: "kubernetes.summary_api",
        totals: {
          scrapes: { count: 2, milliseconds: 70 },
          kubelets: { "node-1": { count: 2, milliseconds: 60 } },
          processors: { "rate calculator": { count: 2, milliseconds: 3 } },
        },
      });
    const counters = (timestamp: number): DataBatch => ({
      cluster: "prod-eu",
      timestamp,
      sets: new Map([
        ["node:a", { ...emptySet({}), values: new Map([["cpu/usage", cumulative(2n ** 60n)]]) }],
      ]),
    });

    /** With the counters as a batch. */
    const latestOf = async (cycles: Cycles) => {
      const { record, counters } = await cycles.latest("prod-eu");
      const { timestamp = 0, sets = [] } = counters ?? {};
      return { record, counters: { cluster: "prod-eu", timestamp, sets: new Map(sets) } };
    };

    test("are had by one, and never go back", async () => {
      const cycles = await makeCycles();
      const takers = await Promise.all(Array.from({ length: 8 }, () => cycles.take("prod-eu", end)));
      assert.equal(takers.filter(Boolean).length, 1);
      assert.equal(await cycles.take("prod-eu", end - minute), false);
      assert.equal(await cycles.take("other", end), true);
      assert.equal(await cycles.take("prod-eu", end + minute), true);
    });

    test("are empty before the first is finished, though it was taken", async () => {
      const cycles = await makeCycles();
      assert.deepEqual(await cycles.latest("prod-eu"), {});
      await cycles.take("prod-eu", end);
      assert.deepEqual(await cycles.latest("prod-eu"), {});
      assert.deepEqual(await cycles.records(), []);
    });

    test("keep how the latest went and its counters, to the last digit", async () => {
      const cycles = await makeCycles();
      await cycles.take("prod-eu", end);
      assert.equal(await cycles.finish(record(end), counters(end)), true);
      assert.deepEqual(await latestOf(cycles), { record: record(end), counters: counters(end) });
    });

    test("let a slow one change nothing that a later one left", async () => {
      const cycles = await makeCycles();
      await cycles.finish(record(end + minute), counters(end + minute));
      assert.equal(await cycles.finish(record(end), counters(end)), false);
      assert.equal(await cycles.finish(record(end + minute), counters(end)), false);
      assert.deepEqual(await latestOf(cycles), {
        record: record(end + minute),
        counters: counters(end + minute),
      });
    });

    test("keep the counters there are when one has none", async () => {
      const cycles = await makeCycles();
      await cycles.finish(record(end), counters(end));
      await cycles.finish(record(end + minute));
      assert.deepEqual(await latestOf(cycles), {
        record: record(end + minute),
        counters: counters(end),
      });
    });

    test("are told of every cluster, in order", async () => {
      const cycles = await makeCycles();
      await cycles.finish(record(end, "b"));
      await cycles.finish(record(end, "a"));
      await cycles.take("c", end);
      assert.deepEqual(await cycles.records(), [record(end, "a"), record(end, "b")]);
    });
  });

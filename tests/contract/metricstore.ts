import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DataBatch } from "../../lib/metrics/batch.ts";
import { livesAt, longLife, type MetricStore, shortLife } from "../../lib/metrics/store/store.ts";
import { batchOf, setOf } from "../unit/metrics/batches.ts";

export interface StoreFixture {
  readonly store: MetricStore;
  readonly pass: (milliseconds: number) => void;
  readonly now: () => number;
}

/** The model store of spec A7, whatever keeps it. */
export const metricStoreContract = (name: string, makeStore: () => Promise<StoreFixture>) =>
  describe(`the model store on ${name}`, () => {
    const batchAt = (timestamp: number, value = 1) =>
      batchOf(
        {
          "node:a": {
            labels: { type: "node", hostname: "h" },
            values: { "memory/usage": value, uptime: [5] },
            scraped: timestamp,
          },
          "namespace:shop": { labels: { type: "ns" }, values: { "cpu/usage_rate": value, "cpu/limit": 7 } },
          "node:a/container:b": { values: { "memory/usage": "0.5" } },
        },
        timestamp,
      );
    const times = (batches: readonly DataBatch[]) => batches.map(({ timestamp }) => timestamp);

    test("has nothing of a cluster that it knows nothing of", async () => {
      const { store } = await makeStore();
      assert.deepEqual(await store.short("prod-eu"), []);
      assert.deepEqual(await store.long("prod-eu", ["node:a"]), []);
      assert.equal(await store.latest("prod-eu"), undefined);
      assert.equal(await store.labels("prod-eu"), undefined);
    });

    test("tells the labels of the newest batch, by key", async () => {
      const { store, now } = await makeStore();
      await store.append(batchAt(now() - 60_000));
      assert.equal((await store.labels("prod-eu"))?.size, 3);
      await store.append(batchOf({ "node:b": { labels: { type: "node", hostname: "b" } } }, now()));
      const labels = await store.labels("prod-eu");
      assert.deepEqual(labels, new Map([["node:b", { type: "node", hostname: "b" }]]));
    });

    test("keeps whole batches, in order, and those of clusters apart", async () => {
      const { store, now } = await makeStore();
      const [first, second] = [batchAt(now() - 60_000), batchAt(now(), 2)];
      await store.append(second);
      await store.append(first);
      await store.append({ ...first, cluster: "other" });
      assert.deepEqual(await store.short("prod-eu"), [first, second]);
      assert.deepEqual(await store.latest("prod-eu"), second);
      assert.equal((await store.short("other")).length, 1);
    });

    test("gives the sets that are asked for, once each, and no others", async () => {
      const { store, now } = await makeStore();
      await store.append(batchAt(now()));
      const [batch] = await store.short("prod-eu", ["node:a", "absent", "node:a"]);
      assert.deepEqual([...(batch?.sets.keys() ?? [])], ["node:a"]);
      assert.deepEqual(batch?.sets.get("node:a"), batchAt(now()).sets.get("node:a"));
      const [none] = await store.short("prod-eu", []);
      assert.equal(none?.sets.size, 0);
    });

    test("keeps whole numbers of two metrics for longer", async () => {
      const { store, now, pass } = await makeStore();
      const timestamp = now();
      await store.append(batchAt(timestamp));
      pass(shortLife);
      assert.deepEqual(await store.short("prod-eu"), []);
      assert.equal(await store.latest("prod-eu"), undefined);
      const [batch] = await store.long("prod-eu", ["node:a", "namespace:shop", "node:a/container:b"]);
      assert.equal(batch?.timestamp, timestamp);
      assert.deepEqual(
        batch?.sets,
        new Map([
          ["node:a", setOf({ values: { "memory/usage": 1 } })],
          ["namespace:shop", setOf({ values: { "cpu/usage_rate": 1 } })],
        ]),
      );
      pass(longLife - shortLife);
      assert.deepEqual(await store.long("prod-eu", ["node:a"]), []);
    });

    test("forgets what is exactly as old as it may not be", async () => {
      const { store, now, pass } = await makeStore();
      const timestamp = now();
      await store.append(batchAt(timestamp));
      pass(shortLife - 1);
      assert.deepEqual(times(await store.short("prod-eu")), [timestamp]);
      pass(1);
      assert.deepEqual(times(await store.short("prod-eu")), []);
    });

    test("keeps batches of a slow resolution until there are two again", async () => {
      const { store, now, pass } = await makeStore();
      const quarter = 15 * 60_000;
      const first = now();
      await store.append(batchAt(first), livesAt(quarter));
      pass(quarter + 20_000);
      assert.deepEqual(times(await store.short("prod-eu")), [first]);
      assert.equal((await store.latest("prod-eu"))?.timestamp, first);
      assert.deepEqual(times(await store.long("prod-eu", ["node:a"])), [first]);
      await store.append(batchAt(first + quarter), livesAt(quarter));
      pass(quarter);
      assert.deepEqual(times(await store.short("prod-eu")), [first + quarter]);
      assert.deepEqual(times(await store.long("prod-eu", ["node:a"])), [first + quarter]);
    });

    test("takes the place of a batch with the same one again", async () => {
      const { store, now } = await makeStore();
      await store.append(batchAt(now(), 1));
      await store.append(batchAt(now(), 2));
      assert.deepEqual(await store.short("prod-eu"), [batchAt(now(), 2)]);
    });

    test("keeps a batch of many sets, and finds each of them", async () => {
      const { store, now } = await makeStore();
      const many = Object.fromEntries(
        Array.from({ length: 5000 }, (_, at) => [
          `namespace:shop/pod:web-${at}`,
          {
            labels: { type: "pod", pod_name: `web-${at}`, uid: `${at * 7919}-${at * 104729}` },
            values: { "memory/usage": at * 1_000_003 },
          },
        ]),
      );
      const batch = batchOf(many, now());
      await store.append(batch);
      const latest = await store.latest("prod-eu");
      assert.equal(latest?.sets.size, 5000);
      assert.deepEqual(new Map([...(latest?.sets ?? [])].sort()), new Map([...batch.sets].sort()));
      for (const at of [0, 17, 4999]) {
        const key = `namespace:shop/pod:web-${at}`;
        assert.deepEqual(
          (await store.short("prod-eu", [key]))[0]?.sets,
          new Map([[key, batch.sets.get(key)]]),
        );
        assert.equal((await store.long("prod-eu", [key]))[0]?.sets.size, 1);
      }
    });
  });

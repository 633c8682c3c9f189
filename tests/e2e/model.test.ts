import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { InfluxSettings } from "../../lib/config/metrics/settings.ts";
import { Secret } from "../../lib/config/secret.ts";
import { createInfluxClient } from "../../lib/metrics/sinks/influxdb/client.ts";
import { createInfluxSink } from "../../lib/metrics/sinks/influxdb/sink.ts";
import { createInfluxSource } from "../../lib/model/historical/influxdb.ts";
import { smallBatch } from "../unit/model/cluster.ts";
import { world } from "../unit/model/world.ts";
import { type InfluxDb, startInfluxDb } from "./metrics/influxdb.ts";

let influx: InfluxDb;

before(async () => {
  influx = await startInfluxDb();
});
after(() => influx?.stop());

/** Two clusters in one database, and Heapster's historical API for the first. */
const history = async (withFields: boolean) => {
  const settings: InfluxSettings = {
    kind: "influxdb",
    server: `http://127.0.0.1:${influx.port}`,
    user: "root",
    password: new Secret(influx.password),
    database: withFields ? "fields" : "k8s",
    retention: "0",
    withFields,
    insecureTls: false,
    withoutCounters: false,
    concurrency: 1,
  };
  for (const clusterName of ["prod-eu", "lab"]) {
    const sink = createInfluxSink(settings, { name: "influxdb", clusterName, http: {} });
    // Those of the other cluster are higher, so that they would be seen.
    for (const n of [0, 1, 2, 3]) {
      const batch = smallBatch(clusterName === "lab" ? n + 1000 : n);
      await sink.export({ ...batch, timestamp: smallBatch(n).timestamp }, AbortSignal.timeout(10_000));
    }
  }
  const source = createInfluxSource(createInfluxClient(settings, {}), { withFields, clusterName: "prod-eu" });
  const ask = await world({ batches: [smallBatch(1)], historical: source });
  return async (path: string) => {
    const { status, body } = await ask(`/api/v1/historical/${path}`);
    return status === 200 ? JSON.parse(body) : `${status}: ${body}`;
  };
};

/** The bounds are exclusive: all four batches lie within. */
const from = "start=2025-12-31T23:58:00Z&end=2026-01-01T00:02:30Z";
const points = (values: readonly number[]) => {
  const times = [
    "2025-12-31T23:59:00Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:01:00Z",
    "2026-01-01T00:02:00Z",
  ];
  const metrics = values.map((value, at) => ({ timestamp: times[at], value }));
  return { metrics, latestTimestamp: times[3] };
};

describe("the historical API over a real InfluxDB", () => {
  for (const withFields of [false, true])
    test(`answers for one of two clusters, ${withFields ? "by fields" : "by measurements"}`, async () => {
      const ask = await history(withFields);
      assert.deepEqual(await ask("nodes"), ["n1"]);
      assert.deepEqual(await ask("namespaces"), ["shop"]);
      assert.deepEqual(await ask("namespaces/shop/pods"), ["web"]);
      assert.deepEqual(await ask("namespaces/shop/pods/web/containers"), ["app", "side"]);
      assert.ok(
        (await ask("namespaces/shop/pods/web/metrics")).includes(withFields ? "memory" : "memory/usage"),
      );
      const cluster = points([1000, 1001, 1002, 1003]);
      assert.deepEqual(await ask(`metrics/memory-usage?${from}`), cluster);
      const pod = points([400, 401, 402, 403]);
      assert.deepEqual(await ask(`namespaces/shop/pod-list/web,web/metrics/memory/usage?${from}`), {
        items: [pod, pod],
      });
      const root = await ask(`nodes/n1/metrics/filesystem/usage?${from}&labels=resource_id:logs`);
      assert.deepEqual(root, points([8, 8, 8, 8]));
      const summed = await ask(
        `metrics-aggregated/average,max,min,median,count,50-perc/memory/usage?${from}`,
      );
      assert.deepEqual(summed.buckets.length, 1);
      const { timestamp: _, ...figures } = summed.buckets[0];
      assert.deepEqual(figures, {
        count: 4,
        average: { floatValue: 1001.5 },
        maximum: { intValue: 1003 },
        minimum: { intValue: 1000 },
        median: { floatValue: 1001.5 },
        percentiles: { "50": { intValue: 1001 } },
      });
      const { buckets, bucketSize } = await ask(`metrics-aggregated/max/memory/usage?${from}&bucket=2m`);
      assert.deepEqual(
        [bucketSize, buckets],
        [
          120_000_000_000,
          [
            { timestamp: "2025-12-31T23:58:00Z", maximum: { intValue: 1000 } },
            { timestamp: "2026-01-01T00:00:00Z", maximum: { intValue: 1002 } },
            { timestamp: "2026-01-01T00:02:00Z", maximum: { intValue: 1003 } },
          ],
        ],
      );
      assert.match(await ask(`pod-id/uid-web/metrics/memory/usage?${from}`), /^404: No results for metric/);
      assert.match(await ask(`nodes/n2/metrics/memory/usage?${from}`), /"\(node\)node:n2"$/);
    });
});

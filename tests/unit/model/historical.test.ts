import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Secret } from "../../../lib/config/secret.ts";
import { createInfluxClient } from "../../../lib/metrics/sinks/influxdb/client.ts";
import { createInfluxSource } from "../../../lib/model/historical/influxdb.ts";
import { startKubelet } from "../../fakes/kubelet.ts";
import { smallBatch } from "./cluster.ts";
import { world } from "./world.ts";

const from = "start=2025-12-31T00:00:00Z&end=2026-01-01T01:00:00%2B01:00";
const bounds = "time > '2025-12-31T00:00:00Z' AND time < '2026-01-01T00:00:00Z'";
const tenant = "cluster_name = 'prod-eu'";
const at = "2025-12-31T12:00:00Z";

/** Heapster's historical API over a server that speaks as InfluxDB does. */
const history = async (
  t: { after(done: () => Promise<void>): void },
  series: object | undefined,
  { withFields = false } = {},
) => {
  const statements: string[] = [];
  const server = await startKubelet({
    answer: ({ body }) => {
      const asked = (new URLSearchParams(body).get("q") ?? "").split("; ");
      statements.push(...asked);
      return { results: asked.map(() => (series === undefined ? {} : { series: [series] })) };
    },
  });
  t.after(() => server.close());
  const settings = {
    kind: "influxdb",
    server: `http://127.0.0.1:${server.port}`,
    user: "me",
    password: new Secret("made-up"),
    database: "k8s",
    retention: "0",
    withFields,
    insecureTls: false,
    withoutCounters: false,
    concurrency: 1,
  } as const;
  const source = createInfluxSource(createInfluxClient(settings, {}), { withFields, clusterName: "prod-eu" });
  const ask = await world({ batches: [smallBatch(1)], historical: source });
  return { ask: (path: string) => ask(`/api/v1/historical/${path}`), statements, server };
};

const values = (...rows: readonly (readonly unknown[])[]) => ({ columns: ["time", "value"], values: rows });
const pod = "type = 'pod' AND namespace_name = 'shop' AND pod_name = 'web'";

/** Entities, and how a statement finds them. */
const selectors: readonly (readonly [string, string])[] = [
  ["", "type = 'cluster'"],
  ["nodes/n1/", "type = 'node' AND nodename = 'n1'"],
  ["nodes/n1/freecontainers/c/", "type = 'sys_container' AND container_name = 'c' AND nodename = 'n1'"],
  ["namespaces/shop/", "type = 'ns' AND namespace_name = 'shop'"],
  ["namespaces/shop/pods/web/", pod],
  [
    "namespaces/shop/pods/web/containers/app/",
    "type = 'pod_container' AND namespace_name = 'shop' AND pod_name = 'web' AND container_name = 'app'",
  ],
  ["pod-id/u1/", "type = 'pod' AND pod_id = 'u1'"],
  ["pod-id/u1/containers/app/", "type = 'pod_container' AND pod_id = 'u1' AND container_name = 'app'"],
  ["namespaces/shop/pod-list/web/", pod],
  ["pod-id-list/u1/", "type = 'pod' AND pod_id = 'u1'"],
];

describe("the historical API", () => {
  for (const [path, selector] of selectors)
    test(`asks InfluxDB for ${path || "the cluster"}, plain and summed up`, async (t) => {
      const { ask, statements } = await history(t, values([at, 7]));
      assert.equal((await ask(`${path}metrics/memory-usage?${from}`)).status, 200);
      assert.equal((await ask(`${path}metrics-aggregated/max/memory/usage?${from}`)).status, 200);
      const where = `FROM "memory/usage" WHERE ${selector} AND ${tenant} AND ${bounds}`;
      assert.deepEqual(statements, [`SELECT time, "value" ${where}`, `SELECT MAX("value") ${where}`]);
    });

  test("asks for labels before the bounds, and for fields where the sink writes them", async (t) => {
    const { ask, statements } = await history(t, values([at, 7]), { withFields: true });
    await ask(`metrics/filesystem/usage?${from}&labels=resource_id:/data`);
    assert.deepEqual(statements, [
      `SELECT time, "usage" FROM "filesystem" WHERE type = 'cluster' AND ${tenant} AND "resource_id" = '/data' AND ${bounds}`,
    ]);
  });

  test("answers as the model does: whole numbers with all digits, others without their fraction", async (t) => {
    const { ask } = await history(t, values([at, 9_007_199_254_740_000], ["2025-12-31T12:01:00.5Z", -1]));
    const { body } = await ask(`metrics/m?${from}`);
    assert.match(body, /"value": 9007199254740000\b/);
    assert.match(body, /"value": 18446744073709551615\b/);
    assert.match(body, /"latestTimestamp": "2025-12-31T12:01:00.5Z"/);
    const fractions = await (await history(t, values([at, 7.9]))).ask(`metrics/m?${from}`);
    assert.equal(JSON.parse(fractions.body).metrics[0].value, 7);
  });

  test("sums up in buckets, every number typed by its column", async (t) => {
    const all = "average,max,min,median,count,50-perc,95-perc,99-perc";
    const columns = ["time", ...Array.from({ length: 8 }, (_, n) => `c${n}`)];
    const rows = [
      [at, 1.5, 4, 1, 2, 3, 2, 4, 4],
      ["2025-12-31T13:00:00Z", 2, 5, 1, 2.5, 3, 2, 5, null],
    ];
    const { ask, statements } = await history(t, { columns, values: rows });
    const { body } = await ask(`metrics-aggregated/${all}/cpu-usage?${from}&bucket=1h`);
    const selected = `MEAN("value"), MAX("value"), MIN("value"), MEDIAN("value"), COUNT("value"), PERCENTILE("value", 50), PERCENTILE("value", 95), PERCENTILE("value", 99)`;
    assert.deepEqual(statements, [
      `SELECT ${selected} FROM "cpu/usage_rate" WHERE type = 'cluster' AND ${tenant} AND ${bounds} GROUP BY time(3600000000u) fill(none)`,
    ]);
    const int = (intValue: number) => ({ intValue });
    const float = (floatValue: number) => ({ floatValue });
    const percentiles = { "50": int(2), "95": int(4), "99": int(4) };
    assert.deepEqual(JSON.parse(body), {
      buckets: [
        {
          timestamp: at,
          count: 3,
          average: float(1.5),
          maximum: int(4),
          minimum: int(1),
          median: float(2),
          percentiles,
        },
        {
          timestamp: "2025-12-31T13:00:00Z",
          count: 3,
          average: float(2),
          maximum: int(5),
          minimum: int(1),
          median: float(2.5),
          percentiles: { "50": int(2), "95": int(5) },
        },
      ],
      bucketSize: 3_600_000_000_000,
    });
  });

  test("without a bucket is one as long as what was asked for; a list has an item per pod", async (t) => {
    const { ask, statements } = await history(t, values([at, 7]));
    const { body } = await ask(`namespaces/shop/pod-list/a,b,a/metrics-aggregated/count/m?${from}`);
    const one = { buckets: [{ timestamp: at, count: 7 }], bucketSize: 86_400_000_000_000 };
    assert.deepEqual(JSON.parse(body), { items: [one, one, one] });
    assert.equal(statements.length, 3);
  });

  const lists: readonly (readonly [string, string])[] = [
    ["nodes", `SHOW TAG VALUES WITH KEY = nodename WHERE ${tenant}`],
    ["namespaces", `SHOW TAG VALUES WITH KEY = namespace_name WHERE ${tenant}`],
    [
      "namespaces/shop/pods",
      `SHOW TAG VALUES FROM "uptime" WITH KEY = pod_name WHERE namespace_name = 'shop' AND type = 'pod' AND ${tenant}`,
    ],
    [
      "nodes/n1/freecontainers",
      `SHOW TAG VALUES FROM "uptime" WITH KEY = container_name WHERE nodename = 'n1' AND type = 'sys_container' AND ${tenant}`,
    ],
  ];
  for (const [path, statement] of lists)
    test(`lists ${path} out of InfluxDB`, async (t) => {
      const { ask, statements } = await history(t, {
        columns: ["key", "value"],
        values: [
          ["k", "b"],
          ["k", "a"],
        ],
      });
      assert.deepEqual(JSON.parse((await ask(path)).body), ["a", "b"]);
      assert.deepEqual(statements, [statement]);
    });

  test("names metrics by measurement, and containers of pods by what is there now", async (t) => {
    const { ask, statements } = await history(t, { columns: ["name"], values: [["uptime"], ["cpu/usage"]] });
    assert.deepEqual(JSON.parse((await ask("nodes/n1/metrics")).body), ["cpu/usage", "uptime"]);
    assert.deepEqual(JSON.parse((await ask("namespaces/shop/pods/web/containers")).body), ["app", "side"]);
    assert.deepEqual(statements, [`SHOW MEASUREMENTS WHERE type = 'node' AND nodename = 'n1' AND ${tenant}`]);
  });

  const mistakes: readonly (readonly [string, number, RegExp])[] = [
    ["metrics/m", 400, /^no start time \(or a start time of zero\) provided$/],
    ["metrics/m?start=0001-01-01T00:00:00Z", 400, /^no start time/],
    [`metrics-aggregated/max/m?${from}&bucket=5`, 400, /^bucket is "5"/],
    [`metrics-aggregated/max/m?${from}&bucket=xs`, 400, /^bucket is/],
    [`metrics-aggregated/max/m?${from}&bucket=1w`, 400, /^bucket is/],
    [`metrics-aggregated/worst/m?${from}&labels=x`, 400, /^unknown aggregation "worst"/],
    [`metrics-aggregated/max/m?${from}&labels=x`, 400, /^invalid label pair "x"/],
    [`metrics/m"x?${from}`, 400, /^invalid metric name/],
    [`nodes/n'1/metrics/m?${from}`, 400, /^invalid name/],
    [`metrics/m?${from}&labels=a:b'c`, 400, /^invalid label value/],
    [`metrics-aggregated/max?${from}`, 404, /^404: Page Not Found$/],
    [`pod-id/u/metrics?${from}`, 404, /^404: Page Not Found$/],
  ];
  for (const [path, expected, message] of mistakes)
    test(`refuses ${path} and asks InfluxDB nothing`, async (t) => {
      const { ask, statements } = await history(t, values([at, 7]));
      const { status, body } = await ask(path);
      assert.deepEqual([status, statements.length], [expected, 0], body);
      assert.match(body, message);
    });

  test("says what was not found, and what InfluxDB said", async (t) => {
    const { ask } = await history(t, undefined);
    const missing = await ask(`namespaces/shop/pods/web/metrics/m?${from}`);
    assert.deepEqual(
      [missing.status, missing.body],
      [404, 'No results for metric "m" describing "(pod)ns:shop/pod:web"'],
    );
    assert.equal((await ask("nodes")).status, 404);
    const odd = await (await history(t, { columns: 7 })).ask("nodes");
    assert.equal(odd.status, 500);
    assert.match(
      odd.body,
      /^POST http:\/\/127\.0\.0\.1.*not one of InfluxDB's: results\.0\.series\.0\.columns: .+$/,
    );
  });

  test("is not there without a historical source", async () => {
    const ask = await world({ batches: [smallBatch(1)] });
    assert.equal((await ask(`/api/v1/historical/metrics/m?${from}`)).status, 404);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { smallBatch } from "./cluster.ts";
import { clusters, madeUpToken, usual, world } from "./world.ts";

const batches = [smallBatch(0), smallBatch(1)];
const first = "2025-12-31T23:59:00Z";
const second = "2026-01-01T00:00:00Z";

const result = (...values: readonly (readonly [string, number])[]) => ({
  metrics: values.map(([timestamp, value]) => ({ timestamp, value })),
  latestTimestamp: values.at(-1)?.[0] ?? "0001-01-01T00:00:00Z",
});
const usage = ["memory/usage"];
const containerNames = ["cpu/limit", "cpu/usage_rate", "memory/usage", "memory/working_set"];

/** Every row of spec A10.1. */
const rows: readonly (readonly [string, unknown])[] = [
  ["metrics", ["cpu/usage_rate", "memory/usage"]],
  ["metrics/cpu/usage_rate", result([first, 100], [second, 101])],
  ["metrics/cpu-usage", result([first, 100], [second, 101])],
  ["metrics/cpu%2Fusage_rate/", result([first, 100], [second, 101])],
  ["nodes", ["host-1"]],
  ["nodes/n1/metrics/memory-working", result([first, 3_145_728], [second, 3_145_728])],
  ["nodes/n1/metrics/memory/node_utilization", result([first, 0], [second, 0])],
  ["nodes/n1/freecontainers", []],
  ["nodes/host-1/freecontainers", ["kubelet"]],
  ["nodes/n1/freecontainers/kubelet/metrics", usage],
  ["nodes/n1/freecontainers/kubelet/metrics/memory/usage", result([first, 5], [second, 5])],
  ["namespaces", ["shop"]],
  ["namespaces//", ["shop"]],
  ["namespaces/shop/metrics", ["cpu/usage_rate", "memory/usage"]],
  ["namespaces/shop/metrics/memory-usage", result([first, 500], [second, 500])],
  ["namespaces/shop/pods", ["idle", "web"]],
  ["namespaces/shop/pods/web/metrics", ["memory/usage", "restart_count", "uptime"]],
  ["namespaces/shop/pods/web/metrics/memory/usage", result([first, 400], [second, 401])],
  ["namespaces/shop/pods/web/containers", ["app", "side"]],
  ["namespaces/shop/pods/web/containers/app/metrics", containerNames],
  ["namespaces/shop/pods/web/containers/app/metrics/cpu-limit", result([first, 2000], [second, 2000])],
  ["namespaces/shop/pods/nobody/metrics", []],
  [
    "namespaces/shop/pod-list/web,nobody,web/metrics/memory-usage",
    { items: [result([first, 400], [second, 401]), result(), result([first, 400], [second, 401])] },
  ],
  // Both bounds count.
  [`metrics/cpu-usage?start=${second}`, result([second, 101])],
  [`metrics/cpu-usage?end=${first}`, result([first, 100])],
  [`metrics/cpu-usage?start=${first}&end=${second}`, result([first, 100], [second, 101])],
  ["metrics/cpu-usage?start=2026-01-01T01:00:00%2B01:00", result([second, 101])],
  // A worked example: an unknown pod has no metrics, and that is no error.
  ["namespaces/x/pods/y/metrics/memory-usage?start=2024-01-01T00:00:00Z", result()],
  // Another: only points whose labels are exactly that pair.
  ["nodes/n1/metrics/filesystem/usage?labels=resource_id:/", result([first, 7], [second, 7])],
  ["nodes/n1/metrics/filesystem/usage?labels=resource_id:/,more:x", result([first, 9], [second, 9])],
  ["nodes/n1/metrics/filesystem/usage", result()],
];

describe("the model API", () => {
  for (const [path, expected] of rows)
    test(`answers ${path} as Heapster does`, async () => {
      const ask = await world({ batches });
      const { status, type, body } = await ask(`/api/v1/model/${path}`);
      assert.deepEqual([status, type], [200, "application/json"]);
      assert.deepEqual(JSON.parse(body), expected);
    });

  test("prints a negative rate as upstream does, as uint64 with all its digits", async () => {
    const ask = await world({ batches });
    const { body } = await ask("/api/v1/model/nodes/n1/metrics/cpu/usage_rate");
    assert.match(body, /"value": 18446744073709551516\b/);
    const counter = await ask("/api/v1/model/nodes/n1/metrics/cpu/usage");
    assert.match(counter.body, /"value": 9007199254740993\b/);
  });

  test("lays answers out as go-restful does, and pod lists on one line", async () => {
    const ask = await world({ batches });
    assert.equal((await ask("/api/v1/model/namespaces/shop/pods")).body, '[\n  "idle",\n  "web"\n ]');
    const list = await ask("/api/v1/model/namespaces/shop/pod-list/x/metrics/m");
    assert.equal(list.body, '{"items":[{"metrics":[],"latestTimestamp":"0001-01-01T00:00:00Z"}]}\n');
  });

  test("names every key there is", async () => {
    const ask = await world({ batches });
    const { body } = await ask("/api/v1/model/debug/allkeys");
    assert.deepEqual(JSON.parse(body), [...(batches[0]?.sets.keys() ?? [])].sort());
  });

  test("has empty lists before the first batch", async () => {
    const ask = await world();
    for (const path of ["nodes", "namespaces", "namespaces/shop/pods", "debug/allkeys", "metrics"])
      assert.equal((await ask(`/api/v1/model/${path}`)).body, "[]");
  });

  const mistakes: readonly (readonly [string, number, RegExp])[] = [
    ["metrics/m?start=yesterday", 400, /^timestamp argument cannot be parsed/],
    ["metrics/m?end=2026-01-01&labels=x", 400, /^timestamp argument cannot be parsed/],
    ["metrics/m?labels=x", 400, /^invalid label pair "x"/],
    ["metrics/m?labels=a:b,:c", 400, /^invalid label pair ":c"/],
    ["metrics/m?labels=a:", 400, /^invalid label pair "a:"/],
    ["nowhere", 404, /^404: Page Not Found$/],
    ["nodes/n1", 404, /^404: Page Not Found$/],
    ["pod-id/u/metrics/m", 404, /^404: Page Not Found$/],
    ["metrics-aggregated/max/m", 404, /^404: Page Not Found$/],
    ["namespaces/shop/pod-list/a/metrics", 404, /^404: Page Not Found$/],
    ["nodes?cluster=mars", 404, /^no metrics of a cluster "mars"; there are: prod-eu, lab$/],
    ["%zz", 400, /percent-encoded/],
  ];
  for (const [path, expected, message] of mistakes)
    test(`refuses ${path} in plain text`, async () => {
      const ask = await world({ batches });
      const { status, type, body } = await ask(`/api/v1/model/${path}`);
      assert.equal(status, expected);
      assert.match(type ?? "", /^text\/plain/);
      assert.match(body, message);
    });

  test("refuses other methods, and askers that take no JSON", async () => {
    const ask = await world({ batches });
    const accepting = (Accept: string) => ask("/api/v1/model/nodes", { headers: { Accept } });
    assert.equal((await ask("/api/v1/model/nodes", { method: "POST" })).status, 405);
    assert.equal((await accepting("text/html")).status, 406);
    assert.equal((await accepting("text/html, */*;q=0.1")).status, 200);
  });

  test("is not there without the metric sink, nor without metrics", async () => {
    const without = `metrics: {sources: ["kubernetes:"], sinks: ["log:"], disable_metric_sink: true}\n`;
    const ask = await world({ settings: clusters + without });
    for (const path of ["model/nodes", "metric-export"])
      assert.equal((await ask(`/api/v1/${path}`)).status, 404);
    assert.equal((await (await world({ settings: clusters }))("/api/v1/model/nodes")).status, 404);
  });

  test("compresses what is long for whoever takes it so", async () => {
    const many = Array.from({ length: 2000 }, () => "web").join(",");
    const ask = await world({ batches });
    const path = `/api/v1/model/namespaces/shop/pod-list/${many}/metrics/m`;
    const packed = await ask(path, { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(packed.headers["Content-Encoding"], "gzip");
    assert.equal((await ask(path)).headers["Content-Encoding"], undefined);
  });
});

describe("clusters and tokens of the model API", () => {
  const both = [smallBatch(1), { ...smallBatch(2), cluster: "lab" }];
  const later = 90_000;
  type Ask = Awaited<ReturnType<typeof world>>;
  const latest = (ask: Ask, query: string, headers = {}) =>
    ask(`/api/v1/model/metrics/cpu-usage${query}`, { headers });
  const value = async (answered: ReturnType<typeof latest>) =>
    JSON.parse((await answered).body).metrics[0].value;

  test("the first cluster of the settings is meant unless one is named", async () => {
    const ask = await world({ batches: both, later });
    assert.equal(await value(latest(ask, "")), 101);
    assert.equal(await value(latest(ask, "?cluster=prod-eu")), 101);
    assert.equal(await value(latest(ask, "?cluster=lab")), 102);
  });

  test("a token sees its clusters, and only if it sees every job", async () => {
    const lab = madeUpToken(`jobs: ["*"], clusters: [lab]`);
    const job = madeUpToken(`jobs: [pods], clusters: ["*"]`);
    const settings = `${clusters}${usual}tokens: [${lab.written}, ${job.written}]\n`;
    const ask = await world({ settings, batches: both, later });
    assert.equal(await value(latest(ask, "", lab.header)), 102);
    assert.equal((await latest(ask, "?cluster=prod-eu", lab.header)).status, 404);
    assert.equal((await latest(ask, "", job.header)).status, 404);
    const stranger = await latest(ask, "");
    assert.deepEqual([stranger.status, stranger.body], [401, "Unauthorized"]);
    assert.match(stranger.headers["WWW-Authenticate"] ?? "", /^Basic/);
  });
});

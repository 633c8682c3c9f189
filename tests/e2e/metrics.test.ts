import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createMemoryBus } from "../../lib/bus/memory.ts";
import { systemClock } from "../../lib/clock.ts";
import { parseConfiguration } from "../../lib/config/parse.ts";
import { parseSettings } from "../../lib/config/rollcall.ts";
import { createLog } from "../../lib/log.ts";
import { createCollect } from "../../lib/metrics/collect.ts";
import { createDynamoCycles } from "../../lib/metrics/cycles/dynamodb.ts";
import { createOpenCluster } from "../../lib/metrics/open.ts";
import { createSinks } from "../../lib/metrics/sinks/sinks.ts";
import { createDynamoStore } from "../../lib/metrics/store/dynamodb.ts";
import type { Table } from "../../lib/table/dynamodb.ts";
import { startTable } from "../contract/table.ts";
import { type FakeKubelet, startKubelet } from "../fakes/kubelet.ts";
import { createAuthority } from "../unit/http/support/certificates.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { type InfluxDb, startInfluxDb } from "./metrics/influxdb.ts";
import { addresses, namespace, nodes, pods, summaryAt } from "./metrics/world.ts";
import { freePort } from "./ports.ts";

const minute = 60_000;
const newTable = startTable();

let cluster: ControlPlane;
let influx: InfluxDb;
let table: Table;
const kubelets: FakeKubelet[] = [];
const lines: string[] = [];
/** Of everybody but the API server and InfluxDB; later than what they have. */
let now = Math.floor(Date.now() / minute) * minute + 10_000;

/** The functions' parts as they are deployed, with a clock that the test turns. */
const collector = (text: string) => {
  const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });
  const settings = parseSettings({ path: "rollcall.yml", text }, configuration);
  const clock = { ...systemClock, now: () => now };
  return createCollect({
    current: async () => ({ settings, servers: {} }),
    cycles: createDynamoCycles(
      table,
      createDynamoBlobs(table, () => now),
    ),
    openCluster: createOpenCluster({ now: () => now, nodesInPool: async () => [] }),
    sinksOf: createSinks({
      store: createDynamoStore(table, () => now),
      bus: createMemoryBus(),
      http: {},
    }),
    clock,
    random: () => 0,
    wait: async () => undefined,
    log: createLog({ level: "warn", write: (line) => lines.push(line) }),
  });
};

const started: (() => Promise<unknown> | undefined)[] = [];

before(async () => {
  started.push(
    () => cluster?.stop(),
    () => influx?.stop(),
  );
  [cluster, influx, table] = await Promise.all([startControlPlane(), startInfluxDb(), newTable()]);
  await cluster.create([...nodes, namespace]);
  await cluster.create(pods);
});
after(() => Promise.all([...started.map((stop) => stop()), ...kubelets.map((kubelet) => kubelet.close())]));

/** One listener for each node, all on one port, as kubelets are; the stranger's certificate is of nobody we know. */
const startKubelets = async () => {
  const [ours, theirs] = [createAuthority("kubelets"), createAuthority("stranger")];
  const port = await freePort();
  for (const [node, address] of Object.entries(addresses)) {
    const tls = (node === "stranger" ? theirs : ours).issue(node, [address]);
    kubelets.push(await startKubelet({ address, port, tls, answer: () => summaryAt(node, now) }));
  }
  return { port, ca: ours.cert };
};

describe("cluster metrics of a real API server, kubelets over HTTPS and a real InfluxDB", () => {
  test("three minutes of them are collected, though one kubelet is not who it says", async () => {
    const { port, ca } = await startKubelets();
    const authorities = JSON.stringify(`${readFileSync(cluster.caFile, "utf8")}\n${ca}`);
    const sink = (options: string) =>
      `influxdb:http://127.0.0.1:${influx.port}?pw=${influx.password}&${options}`;
    const collect = collector(`
clusters:
- {name: prod, api_server: "${cluster.url}", authorization: {credentials_file: "${cluster.readerTokenFile}"}, tls_config: {ca: ${authorities}}}
metrics:
  sources: ["kubernetes.summary_api:?kubeletHttps=true&kubeletPort=${port}"]
  sinks: ["${sink("db=k8s&retention=30d")}", "${sink("db=fields&withfields=true")}", "influxdb:http://127.0.0.1:9"]
`);
    for (let cycle = 0; cycle < 3; cycle++) {
      assert.deepEqual(await collect(), [{ cluster: "prod", outcome: "collected" }]);
      assert.deepEqual(await collect(), [{ cluster: "prod", outcome: "taken" }]);
      now += minute;
    }
    now -= minute;
    const asked = Object.fromEntries(kubelets.map(({ address, requests }) => [address, requests.length]));
    assert.deepEqual(asked, { "127.0.0.2": 3, "127.0.0.3": 3, "127.0.0.4": 0, "127.0.0.5": 0 });
    const [first] = kubelets[0]?.requests ?? [];
    assert.equal(first?.authorization, `Bearer ${cluster.readerToken}`);
    const [record] = await createDynamoCycles(table, createDynamoBlobs(table)).records();
    assert.deepEqual([record?.nodes, record?.failedNodes, record?.problems], [3, 1, []]);
    assert.match(record?.failures.stranger ?? "", /certificate/);
    const { influxdb, "influxdb-2": fields, "influxdb-3": away, metric } = record?.sinks ?? {};
    assert.deepEqual([influxdb?.exported, fields?.exported, metric?.exported], [3, 3, 3]);
    assert.deepEqual([away?.exported, away?.dropped], [0, 3]);
    assert.equal(lines.filter((line) => line.includes("a metrics sink fails")).length, 1);
    assert.ok(lines.every((line) => !line.includes(influx.password) && !line.includes(cluster.readerToken)));
  });

  test("the queries of Heapster's dashboards find what they ask for", async () => {
    const names = async (key: string, where = "") => {
      const found = await influx.query("k8s", `SHOW TAG VALUES FROM "uptime" WITH KEY = "${key}"${where}`);
      return found.flatMap(({ values }) => values.map(([, value]) => value));
    };
    assert.deepEqual(await names("nodename"), ["node-a", "node-b"]);
    assert.deepEqual(await names("namespace_name"), ["shop"]);
    assert.deepEqual(await names("pod_name", ` WHERE "namespace_name" =~ /shop$/`), [
      "web-node-a",
      "web-node-b",
    ]);
    const during = `time > ${now - 10 * minute}ms AND time < ${now + minute}ms`;
    const chart = async (measurement: string, where: string, group = "") => {
      const statement = `SELECT sum("value") FROM "${measurement}" WHERE ${where} AND ${during} GROUP BY time(1m)${group} fill(none)`;
      const found = await influx.query("k8s", statement);
      return found.map(({ values }) => values.map(([, value]) => value));
    };
    const container = `"type" = 'pod_container' AND "namespace_name" =~ /shop$/ AND "pod_name" =~ /web-node-a$/`;
    assert.deepEqual(await chart("cpu/usage_rate", container, `, "container_name"`), [[250, 250]]);
    assert.deepEqual(await chart("cpu/limit", container, `, "container_name"`), [[1000, 1000, 1000]]);
    assert.deepEqual(await chart("memory/request", container), [Array(3).fill(256 * 1024 ** 2)]);
    assert.deepEqual(await chart("cpu/node_utilization", `"type" = 'node' AND "nodename" =~ /node-a$/`), [
      [0, 0.25, 0.25],
    ]);
    assert.deepEqual(await chart("memory/node_utilization", `"type" = 'node' AND "nodename" =~ /node-b$/`), [
      [0.25, 0.25, 0.25],
    ]);
    assert.deepEqual(await chart("cpu/usage_rate", `"type" = 'cluster'`), [[500, 500]]);
    assert.deepEqual(await chart("cpu/request", `"type" = 'ns' AND "namespace_name" = 'shop'`), [
      [1000, 1000, 1000],
    ]);
    assert.deepEqual(await chart("network/rx_rate", `"type" = 'pod' AND "pod_name" = 'web-node-b'`), [
      [1000, 1000],
    ]);
    assert.deepEqual(
      await chart("filesystem/usage", `"type" = 'node' AND "nodename" = 'node-a'`, `, "resource_id"`),
      [Array(3).fill(5 * 1024 ** 2)],
    );
  });

  test("both shapes hold the same, in a database that keeps for as long as it was told", async () => {
    const [one] = await influx.query(
      "k8s",
      `SELECT last("value") FROM "cpu/usage_rate" WHERE "type" = 'cluster'`,
    );
    const [other] = await influx.query(
      "fields",
      `SELECT last("usage_rate") FROM "cpu" WHERE "type" = 'cluster'`,
    );
    assert.deepEqual(one?.values, other?.values);
    const policies = await influx.query("k8s", 'SHOW RETENTION POLICIES ON "k8s"');
    assert.deepEqual(policies[0]?.values[0]?.slice(0, 2), ["default", "720h0m0s"]);
    const [tagged] = await influx.query("k8s", 'SHOW TAG VALUES FROM "uptime" WITH KEY = "cluster_name"');
    assert.deepEqual(tagged?.values, [["cluster_name", "prod"]]);
    const keys = (await influx.query("k8s", "SHOW TAG KEYS")).flatMap(({ values }) => values.flat());
    for (const absent of ["pod_id", "namespace_id", "hostname", "host_id"])
      assert.ok(!keys.includes(absent), absent);
  });

  test("the model store has the same batches", async () => {
    const store = createDynamoStore(table, () => now);
    const batches = await store.short("prod", ["namespace:shop/pod:web-node-a"]);
    assert.equal(batches.length, 3);
    const pod = batches.at(-1)?.sets.get("namespace:shop/pod:web-node-a");
    assert.equal(pod?.values.get("cpu/usage_rate")?.value, 250n);
    assert.equal(pod?.labels.labels, "app:web");
    assert.equal((await store.long("prod", ["cluster"])).length, 3);
  });
});

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { parse } from "yaml";
import plugins from "../infra/bundling.ts";
import { askDirectly } from "../tests/e2e/adapter/direct.ts";
import { startWorld, type World } from "../tests/e2e/adapter/world.ts";
import { eventually } from "../tests/e2e/eventually.ts";
import { temporaryFolder } from "../tests/e2e/folder.ts";
import { repository, runProgram } from "../tests/e2e/process.ts";
import { importOnce } from "../tests/package-figures/imported.ts";
import { machine, median, milliseconds, percentile, print } from "./support/figures.ts";
import { wholeNumber } from "./support/settings.ts";

const series = wholeNumber("ROLLCALL_BENCH_SERIES", 1000);
const autoscalers = wholeNumber("ROLLCALL_BENCH_AUTOSCALERS", 200);
const [runs, sync, rounds, imports] = [200, 15_000, 2, 11];

/** The metrics APIs through a real aggregator, beside what Prometheus itself takes; an autoscaler's load; how long the function loads. Targets 15 ms, no error, 120 ms. */
export const bench = async () => {
  const world = await startWorld({ series });
  try {
    await eventually("the adapter listens", 60, async () =>
      assert.equal((await askDirectly(world, "/healthz")).status, 200),
    );
    await register(world);
    const pod = await ready(world);
    process.stdout.write(`${series} series, ${autoscalers} autoscalers at ${sync / 1000} s; ${machine()}\n`);
    await queries(world, pod);
    await load(world);
  } finally {
    await world.stop();
  }
  await loading();
};

const register = async (world: World) => {
  const file = join(world.folder, "manifests.yml");
  const [authority, bin] = [join(world.folder, "authority.pem"), join(repository, "cli/rollcall.ts")];
  writeFileSync(authority, world.authority);
  const words = ["--endpoint", `localhost:${world.port}`, "--group", "readers", "--ca-file", authority];
  writeFileSync(file, await runProgram(process.execPath, [bin, "adapter", "manifests", ...words]));
  await world.kubectl("apply", "-f", file);
};

const custom = "/apis/custom.metrics.k8s.io/v1beta2";

/** Once all series are registered; gives the name of a pod. */
const ready = (world: World) =>
  eventually("every series is registered", 90, async () => {
    const { resources } = Object(await world.cluster.ask("GET", custom));
    const found = resources.filter(({ name }: { name: string }) => name.startsWith("pods/bench_metric_"));
    assert.equal(found.length, series);
    const pod = world.exporter.pods[0]?.name;
    assert.ok(pod);
    await world.cluster.ask("GET", `${custom}/namespaces/shop/pods/${pod}/http_requests_inflight`);
    return pod;
  });

interface Server {
  readonly url: string;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

/** The API server, by a kept connection, as the administrator. */
const apiServer = ({ cluster }: World): Server => {
  const { users } = parse(readFileSync(cluster.kubeconfig, "utf8"));
  const agent = new Agent({ ca: readFileSync(cluster.caFile), keepAlive: true });
  return { url: cluster.url, agent, headers: { Authorization: `Bearer ${users[0].user.token}` } };
};

const ask = ({ url, agent, headers }: Server, path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { agent, headers }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response) });
    });
    sent.once("error", reject);
    sent.end();
  });

const queries = async (world: World, pod: string) => {
  const server = apiServer(world);
  const promql = `sum(http_requests_inflight{namespace="shop",pod="${pod}"}) by (pod)`;
  const own = `${world.prometheus}/api/v1/query?query=${encodeURIComponent(promql)}`;
  const through = (path: string) => async () => {
    const { status, body } = await ask(server, path);
    assert.equal(status, 200, body);
    return body.length;
  };
  const cases: [string, () => Promise<number>][] = [
    ["Prometheus itself", async () => (await (await fetch(own)).text()).length],
    ["by name", through(`${custom}/namespaces/shop/pods/${pod}/http_requests_inflight`)],
    ["by selector", through(`${custom}/namespaces/shop/pods/*/http_requests_inflight?labelSelector=app`)],
    ["external", through("/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue_depth")],
    ["pods' usage", through("/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods")],
    ["all metrics' names", through(custom)],
    ["the API server itself", through("/api/v1/namespaces/shop/pods?labelSelector=app")],
  ];
  const rows = [["asked", "median", "99th", "bytes"]];
  for (const [name, once] of cases) {
    let bytes = await once();
    const took: number[] = [];
    for (let run = 0; run < runs; run++) {
      const began = performance.now();
      bytes = await once();
      took.push(performance.now() - began);
    }
    rows.push([name, milliseconds(median(took)), milliseconds(percentile(took, 99)), String(bytes)]);
  }
  server.agent.destroy();
  process.stdout.write(`\nthrough the aggregator, ${runs} times each, one after the other\n`);
  print(rows);
};

/** Each autoscaler asks once per sync, at a moment of its own. */
const load = async (world: World) => {
  const server = apiServer(world);
  const failed = new Map<string, number>();
  const took: number[] = [];
  const began = performance.now();
  const asked = Array.from({ length: autoscalers * rounds }, async (_, at) => {
    await sleep((at * sync) / autoscalers);
    const start = performance.now();
    const path = `${custom}/namespaces/shop/pods/*/http_requests_inflight?labelSelector=app`;
    const { status, body } = await ask(server, path).catch((error) => ({ status: 0, body: String(error) }));
    took.push(performance.now() - start);
    if (status !== 200) failed.set(body.slice(0, 120), (failed.get(body.slice(0, 120)) ?? 0) + 1);
  });
  await Promise.all(asked);
  server.agent.destroy();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(
    `\n${took.length} requests of autoscalers in ${seconds} s, ${[...failed.values()].length} kinds of failures\n`,
  );
  for (const [what, count] of failed) process.stdout.write(`${count} × ${what}\n`);
  print([
    ["median", "99th"],
    [milliseconds(median(took)), milliseconds(percentile(took, 99))],
  ]);
};

/** Bundled as it is deployed. */
const loading = async () => {
  const folder = temporaryFolder("adapt-bundle");
  const { esbuild } = parse(readFileSync(join(repository, "infra/bundles.yml"), "utf8"));
  const { exclude: _exclude, outputFileExtension: _extension, plugins: _plugins, ...options } = esbuild;
  const outfile = join(folder.path, "adapt.mjs");
  await build({
    ...options,
    plugins,
    entryPoints: [join(repository, "functions/adapt.ts")],
    outdir: folder.path,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    logLevel: "error",
  });
  const environment = {
    ...process.env,
    ...{ TABLE_NAME: "table", BUS_NAME: "bus", CONFIG_FILE: "prometheus.yml", WHERE: "cloud" },
    ...{ DEAD_LETTER_URL: "http://127.0.0.1:9/queue", AWS_REGION: "eu-central-1" },
  };
  const found = [];
  for (let run = 0; run < imports; run++) found.push(await importOnce(outfile, environment));
  const wall = found.map((one) => one.wall);
  const cpu = found.map((one) => one.cpu);
  process.stdout.write(
    `\nthe function's import in a new process, ${imports} times: median ${milliseconds(median(wall))}, processor ${milliseconds(median(cpu))}\n`,
  );
  rmSync(folder.path, { recursive: true });
};

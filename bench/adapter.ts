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
import type { About, Figure } from "./support/figure.ts";
import { wholeNumber } from "./support/settings.ts";
import { median, percentile, spreadOf } from "./support/statistics.ts";

const series = wholeNumber("ROLLCALL_BENCH_SERIES", 1000);
const autoscalers = wholeNumber("ROLLCALL_BENCH_AUTOSCALERS", 200);
const sync = wholeNumber("ROLLCALL_BENCH_SECONDS", 15) * 1000;
const [runs, rounds, imports] = [200, 2, 11];

export const about: About = {
  says: "The metrics APIs through a real API server's aggregator, 200 autoscalers at a time, and the function's import.",
  minutes: 1.5,
};

export const bench = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  const world = await startWorld({ series });
  try {
    await eventually("the adapter listens", 60, async () =>
      assert.equal((await askDirectly(world, "/healthz")).status, 200),
    );
    await register(world);
    const pod = await ready(world);
    figures.push(...(await queries(world, pod)), ...(await load(world)));
  } finally {
    await world.stop();
  }
  return [...figures, await loading()];
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

/** One after the other; Prometheus itself is asked what the first question comes to. */
const queries = async (world: World, pod: string): Promise<Figure[]> => {
  const server = apiServer(world);
  const promql = `sum(http_requests_inflight{namespace="shop",pod="${pod}"}) by (pod)`;
  const own = `${world.prometheus}/api/v1/query?query=${encodeURIComponent(promql)}`;
  const through = (path: string) => async () => {
    const { status, body } = await ask(server, path);
    assert.equal(status, 200, body);
    return body.length;
  };
  const itself = await times(async () => (await (await fetch(own)).text()).length);
  const cases: [string, () => Promise<number>][] = [
    ["a metric by name", through(`${custom}/namespaces/shop/pods/${pod}/http_requests_inflight`)],
    [
      "a metric by selector",
      through(`${custom}/namespaces/shop/pods/*/http_requests_inflight?labelSelector=app`),
    ],
    ["an external metric", through("/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue_depth")],
    ["pods' usage", through("/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods")],
    ["all metrics' names", through(custom)],
    ["the API server itself", through("/api/v1/namespaces/shop/pods?labelSelector=app")],
  ];
  const figures: Figure[] = [];
  const target = { most: 15, says: "at most 15 ms" };
  for (const [name, once] of cases) {
    const took = await times(once);
    const at = `${series} series`;
    figures.push({
      name: `${name}, median`,
      at,
      unit: "ms",
      ours: median(took),
      spread: spreadOf(took),
      target,
    });
    figures.push({ name: `${name}, 99th`, at, unit: "ms", ours: percentile(took, 99) });
  }
  Object.assign(figures[0]!, { prometheus: median(itself) });
  server.agent.destroy();
  return figures;
};

/** Milliseconds of each time but the first. */
const times = async (once: () => Promise<unknown>): Promise<number[]> => {
  await once();
  const took: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    await once();
    took.push(performance.now() - began);
  }
  return took;
};

/** Each autoscaler asks once per sync, at a moment of its own. */
const load = async (world: World): Promise<Figure[]> => {
  const server = apiServer(world);
  const failed = new Map<string, number>();
  const took: number[] = [];
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
  for (const [what, count] of failed) process.stdout.write(`${count} × ${what}\n`);
  const at = `${autoscalers} autoscalers at ${sync / 1000} s`;
  const failures = [...failed.values()].reduce((sum, count) => sum + count, 0);
  return [
    { name: "an autoscaler's question, median", at, unit: "ms", ours: median(took) },
    { name: "an autoscaler's question, 99th", at, unit: "ms", ours: percentile(took, 99) },
    { name: "failures", at, unit: "", ours: failures, target: { most: 0, says: "none" } },
  ];
};

/** Bundled as it is deployed. */
const loading = async (): Promise<Figure> => {
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
  rmSync(folder.path, { recursive: true });
  const target = { most: 120, says: "at most 120 ms" };
  return {
    name: "import of the bundle, in a new process",
    unit: "ms",
    ours: median(wall),
    spread: spreadOf(wall),
    target,
  };
};

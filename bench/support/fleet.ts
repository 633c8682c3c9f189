import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { stringify } from "yaml";
import { systemClock } from "../../lib/clock.ts";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import { type ApiServer, startApiServer } from "../../local/demo/apiserver.ts";
import { printTemplate } from "../../local/template/print.ts";
import { eventually } from "../../tests/e2e/eventually.ts";
import { restRequest } from "../../tests/functions/recorded.ts";
import { type Metered, meter } from "./metered.ts";
import { podManifest } from "./pods.ts";

export interface FleetOptions {
  readonly clusters: number;
  /** Of each cluster. */
  readonly pods: number;
  /** Of each cluster in a minute. */
  readonly changes: number;
  /** Minutes, one look at each cluster and one read of the list each; they take as long as the work does. */
  readonly minutes: number;
}

/** What the minutes took, the first fill left out. */
export interface Simulated {
  readonly table: Pick<Metered, "writes" | "reads" | "requests">;
  readonly entries: Metered["entries"];
  /** Of the lists that were served. */
  readonly listBytes: number;
  /** Milliseconds of the fill and of the minutes. */
  readonly filled: number;
  readonly took: number;
}

/**
 * Clusters of their own API servers, looked at by the real functions on the local bus, queue and table: `tick` orders, `discover`
 * looks, `reduce` applies, `serve` answers. A minute's changes come at once, then its looks.
 */
export const simulate = async (options: FleetOptions): Promise<Simulated> => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-fleet-"));
  const servers: ApiServer[] = [];
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    for (let at = 0; at < options.clusters; at += 1) {
      const server = await startApiServer();
      closing.unshift(server.close);
      for (let pod = 0; pod < options.pods; pod += 1) server.apply(podManifest(pod));
      servers.push(server);
    }
    const cloud = await start(folder, servers);
    closing.unshift(cloud.close);
    const [table, bus] = [await metered("AWS_ENDPOINT_URL_DYNAMODB"), await metered("AWS_ENDPOINT_URL")];
    closing.unshift(table.close, bus.close);
    return await run({ ...options, servers, cloud, table, bus });
  } finally {
    for (const close of closing) await close();
  }
};

/** Functions read where their services are when they first ask. */
const metered = async (variable: string): Promise<Metered> => {
  const before = await meter(process.env[variable] ?? "");
  process.env[variable] = before.url;
  return before;
};

const start = async (folder: string, servers: readonly ApiServer[]): Promise<Cloud> => {
  const root = resolve(import.meta.dirname, "../..");
  const config = join(folder, "prometheus.yml");
  const blocks = servers.map(({ url, token }) => {
    return { role: "pod", api_server: url, authorization: { credentials: token } };
  });
  const job = { job_name: "pods", proxy_url: "http://127.0.0.1:9", kubernetes_sd_configs: blocks };
  writeFileSync(config, stringify({ scrape_configs: [job] }));
  return startCloud({
    printed: await printTemplate(root, join(root, "node_modules", ".cache", "rollcall")),
    root,
    dataDir: join(folder, "data"),
    variables: {
      WHERE: "local",
      CONFIG_FILE: config,
      SETTINGS_FILE: "",
      KUBECONFIG_FILE: "",
      FOLLOW: "schedule",
      DOOR_BYTES_PER_SECOND: "0",
      LOG_LEVEL: "error",
    },
    clock: systemClock,
    random: Math.random,
    log: (line) => process.stderr.write(`${line}\n`),
  });
};

interface Running extends FleetOptions {
  readonly servers: readonly ApiServer[];
  readonly cloud: Cloud;
  readonly table: Metered;
  readonly bus: Metered;
}

const run = async (running: Running): Promise<Simulated> => {
  const { clusters, pods, changes, minutes, servers, table, bus } = running;
  const began = performance.now();
  await minute(running, clusters * pods);
  const filledAt = performance.now();
  for (const counts of [table.writes, table.reads, table.requests, bus.entries]) counts.clear();
  let listBytes = 0;
  for (let at = 0; at < minutes; at += 1) {
    for (const server of servers) for (let pod = 0; pod < changes; pod += 1) move(server, pod, at);
    listBytes += await minute(running, clusters * changes * (at + 1));
  }
  const { writes, reads, requests } = table;
  const took = performance.now() - filledAt;
  return {
    table: { writes, reads, requests },
    entries: bus.entries,
    listBytes,
    filled: filledAt - began,
    took,
  };
};

/** A label tells the moves apart; the others are what the pod had. */
const move = (server: ApiServer, pod: number, at: number) => {
  const manifest = podManifest(pod);
  const labels = {
    app: `app-${pod % 200}`,
    "pod-template-hash": "7d4b9c6f5d",
    "app.kubernetes.io/part-of": "bench",
    tier: "backend",
  };
  server.apply({ ...manifest, metadata: { ...manifest.metadata, labels: { ...labels, moved: String(at) } } });
};

/** Seconds; the embedded table takes some hundreds of changes a second. */
const patienceFor = (changes: number) => 120 + changes / 50;

/** Milliseconds without a write after which the looks are over: one whose lease ran out has left the rest to the next. */
const quiet = 30_000;

/** Looks at everything, waits until `applied` changes are in the pool, reads the list; its bytes. */
const minute = async ({ cloud, table, clusters }: Running, applied: number): Promise<number> => {
  const looked = recordsIn(table) + clusters;
  const order = () => cloud.functions.invoke("tick", { schedule: "tick", start: true });
  let last = { applied: 0, at: performance.now() };
  await order();
  await eventually("every change is in the pool", patienceFor(applied), async () => {
    const now = appliedIn(table);
    if (now !== last.applied) last = { applied: now, at: performance.now() };
    if (now < applied && performance.now() - last.at > quiet) {
      last = { applied: now, at: performance.now() };
      await order();
    }
    assert.ok(now >= applied, `${now} of ${applied}`);
    assert.ok(recordsIn(table) >= looked, "a look is under way");
  });
  await cloud.functions.idle();
  // Hundreds of queries at once, when it is the first time, are too much for one process that also stands for the table.
  return eventually("the list is served", 60, () => listOf(cloud));
};

const listOf = async ({ functions }: Cloud): Promise<number> => {
  const stream = new PassThrough();
  const [bytes] = await Promise.all([
    buffer(stream),
    functions.stream("serve", restRequest("sd/pods"), stream),
  ]);
  return bytes.length;
};

const appliedIn = ({ requests }: Metered) => requests.get("PutItem group") ?? 0;
const recordsIn = ({ requests }: Metered) => requests.get("PutItem provider") ?? 0;

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import * as z from "zod";
import { systemClock } from "../../../lib/clock.ts";
import { type Cloud, startCloud } from "../../../local/cloud.ts";
import { type ApiServer, startApiServer } from "../../../local/demo/apiserver.ts";
import { listen } from "../../../local/gateway/gateway.ts";
import { printTemplate } from "../../../local/template/print.ts";
import type { Printed } from "../../../local/template/printed.ts";
import { type FakeKubelet, startKubelet } from "../../fakes/kubelet.ts";
import { recipe, scrapeTime } from "../../unit/metrics/kubelet/recipe.ts";
import { eventually } from "../eventually.ts";
import { jobOf, podOf } from "../local/cluster.ts";
import { repository } from "../process.ts";
import { hosts, rules, startMeasured } from "./measured.ts";

/** Two clusters, a big list in the configuration and one in a file, looked at and followed by the functions of a package. */
export interface World {
  readonly url: string;
  readonly printed: Printed;
  readonly cloud: Cloud;
  readonly lines: readonly string[];
  /** Followed by a relay. */
  readonly followed: ApiServer;
  /** Looked at by schedule. */
  readonly looked: ApiServer;
  /** Writes another configuration and has it read. */
  configure(choice: Choice): Promise<void>;
  reload(): Promise<void>;
  targets(job: string): Promise<number>;
  get(path: string): Promise<string>;
  /** Once, however often it is asked. */
  close(): Promise<void>;
}

export interface Choice {
  /** With the two big lists, new ones each time, and a second job of the followed cluster. */
  readonly big: boolean;
  /** Absent: seven days of history. */
  readonly history?: "off";
  /** Makes a configuration that differs from the last one in nothing that matters. */
  readonly times?: number;
}

export const startWorld = async (root: string, folder: string): Promise<World> => {
  const [followed, looked] = [await startApiServer(), await startApiServer()];
  for (const server of [followed, looked]) {
    for (let host = 1; host <= pods; host += 1) server.apply(podOf(`web-${host}`, `10.1.0.${host}`));
  }
  const files = { config: join(folder, "prometheus.yml"), settings: join(folder, "rollcall.yml") };
  const servers = { followed, looked };
  const kubelet = await startKubelet({ answer: summaryNow });
  const measured = await startMeasured();
  followed.apply(node);
  const write = writer(folder, files, { ...servers, kubelet, measured: measured.url });
  write({ big: true });
  const lines: string[] = [];
  const printed = await printTemplate(repository, join(repository, "node_modules", ".cache", "rollcall"));
  const cloud = await startCloud({
    printed,
    root,
    dataDir: join(folder, "data"),
    variables: {
      ...{ WHERE: "local", CONFIG_FILE: files.config, SETTINGS_FILE: files.settings },
      ...{ FOLLOW: "relay", DOOR_BYTES_PER_SECOND: "0" },
    },
    clock: systemClock,
    random: Math.random,
    log: (line) => lines.push(line),
  }).catch(async (error: unknown) => {
    // Open servers would keep a suite that failed alive.
    await Promise.all([followed.close(), looked.close(), kubelet.close(), measured.close()]);
    throw error;
  });
  const gateway = await listen({ host: "127.0.0.1", port: 0 });
  gateway.open({ routes: cloud.template.routes, functions: cloud.functions, clock: systemClock });
  cloud.startSchedules();
  const { url } = gateway;
  const ask = (path: string, method = "GET") =>
    // Without keeping connections: one that the server closes at this moment would fail a request.
    fetch(`${url}/${path}`, {
      method,
      headers: { connection: "close" },
      signal: AbortSignal.timeout(30_000),
    });
  const reload = async () => {
    const answer = await ask("-/reload", "POST");
    assert.equal(answer.status, 200, await answer.text());
  };
  let closed: Promise<void> | undefined;
  const end = async () => {
    await gateway.close(1000);
    await cloud.close();
    await Promise.all([followed.close(), looked.close(), kubelet.close(), measured.close()]);
  };
  return {
    ...servers,
    ...{ url, printed, cloud, lines, reload },
    configure: (choice) => {
      write(choice);
      return reload();
    },
    get: async (path) => {
      const answer = await ask(path);
      const text = await answer.text();
      assert.equal(answer.status, 200, `${path}: ${text}`);
      return text;
    },
    targets: async (job) => {
      const answer = await ask(`sd/${job}`);
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      return groups.parse(JSON.parse(text)).reduce((sum, group) => sum + group.targets.length, 0);
    },
    close: () => {
      closed ??= end();
      return closed;
    },
  };
};

/** Whose kubelet is asked. */
export const node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "test" },
  status: { addresses: [{ type: "InternalIP", address: "127.0.0.1" }] },
};

/** The kubelet's clock is ours. */
const summaryNow = () => JSON.parse(JSON.stringify(recipe).replaceAll(scrapeTime, new Date().toISOString()));

const groups = z.array(z.object({ targets: z.array(z.string()) }));

/** Enough for the guard, which lets go of ten. */
export const pods = 30;
/** So many random names fill more than one item of the table, compressed as well. */
export const bigTargets = 12_000;

const bigList = () =>
  Array.from(
    { length: bigTargets },
    () => `${randomBytes(30).toString("base64url").replaceAll(/[-_]/g, "x")}:80`,
  );

const writer = (
  folder: string,
  files: { readonly config: string; readonly settings: string },
  servers: {
    readonly followed: ApiServer;
    readonly looked: ApiServer;
    readonly kubelet: FakeKubelet;
    /** An adapter's cluster and its Prometheus. */
    readonly measured: string;
  },
) => {
  // A look is due at a reload when it would be by then; what the guard holds it holds for as long.
  const authorization = { credentials: servers.followed.token };
  const metrics = {
    sources: [`kubernetes.summary_api:?cluster=followed&nodes=pool&kubeletPort=${servers.kubelet.port}`],
    sinks: ["metric:", "eventbridge:"],
  };
  const clusters = [
    { name: "followed", api_server: servers.followed.url, every: "60s", follow: "relay", authorization },
    { name: "looked", api_server: servers.looked.url, every: "10s", follow: "schedule" },
    { name: "measured", api_server: servers.measured },
  ];
  const prometheus = { url: servers.measured };
  const adapters = [
    { cluster: "measured", host: hosts.series, rules_file: "adapter.yml", prometheus },
    // Its own objects are asked of the other, since its server answers no reviews.
    { cluster: "followed", host: hosts.usage, kubeconfig_file: "measured.kubeconfig" },
  ];
  writeFileSync(join(folder, "adapter.yml"), stringify(rules));
  writeFileSync(join(folder, "measured.kubeconfig"), kubeconfigOf(servers.measured));
  return ({ big, history, times = 0 }: Choice) => {
    const off = history === "off" ? { history: { retention: "0s" } } : {};
    writeFileSync(files.settings, `# ${times}\n${stringify({ clusters, metrics, adapters, ...off })}`);
    writeFileSync(join(folder, "big.json"), JSON.stringify([{ targets: bigList() }]));
    const bigJobs = [
      { job_name: "fixed", static_configs: [{ targets: bigList() }] },
      jobOf("nodes", servers.followed, { role: "node" }),
      { job_name: "files", file_sd_configs: [{ files: ["big.json"], refresh_interval: "5s" }] },
    ];
    const jobs = [
      jobOf("followed", servers.followed),
      jobOf("looked", servers.looked),
      ...(big ? bigJobs : []),
    ];
    writeFileSync(files.config, stringify({ scrape_configs: jobs }));
  };
};

const kubeconfigOf = (server: string) =>
  stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "x", users: [{ name: "u", user: {} }] },
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });

/** Waits until a job has so many targets. */
export const serves = (world: World, job: string, count: number) =>
  eventually(`${job} has ${count} targets`, 40, async () => assert.equal(await world.targets(job), count));

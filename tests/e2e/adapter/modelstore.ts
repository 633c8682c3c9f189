import { createAdapt } from "../../../lib/adapter/adapt.ts";
import { createHosting } from "../../../lib/adapter/hosted.ts";
import { createAdapters } from "../../../lib/adapter/open.ts";
import { createMemoryRegistries } from "../../../lib/adapter/registry/memory.ts";
import { createDynamoBlobs } from "../../../lib/blob/dynamodb.ts";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import { systemClock } from "../../../lib/clock.ts";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { parseSettings } from "../../../lib/config/rollcall.ts";
import { ownReach } from "../../../lib/discovery/reach.ts";
import { createLog } from "../../../lib/log.ts";
import { createCollect } from "../../../lib/metrics/collect.ts";
import { createDynamoCycles } from "../../../lib/metrics/cycles/dynamodb.ts";
import { createOpenCluster } from "../../../lib/metrics/open.ts";
import { createSinks } from "../../../lib/metrics/sinks/sinks.ts";
import { createDynamoStore } from "../../../lib/metrics/store/dynamodb.ts";
import { listenForAggregator } from "../../../local/adapter/listener.ts";
import { startTable } from "../../contract/table.ts";
import { startKubelet } from "../../fakes/kubelet.ts";
import { freePort } from "../ports.ts";
import type { World } from "./world.ts";

const minute = 60_000;

/**
 * The resource metrics of a cluster without any Prometheus: two minutes of cluster metrics out of a kubelet, collected at once by a clock that is turned, and
 * the adapter over them behind a listener of its own.
 */
export const startModelAdapter = async (world: World, pods: readonly string[]) => {
  let now = Math.floor(Date.now() / minute) * minute + 10_000;
  const clock = { ...systemClock, now: () => now };
  const kubelet = await startKubelet({
    address: "127.0.0.2",
    port: await freePort(),
    answer: () => summary(pods, now),
  });
  const listen = `127.0.0.1:${await freePort()}`;
  const text = `
clusters: [{name: lab, kubeconfig_file: ${world.readerKubeconfig}}]
metrics: {sources: ["kubernetes.summary_api:?kubeletPort=${kubelet.port}"]}
adapters: [{cluster: lab, listen: "${listen}", tls: {cert_file: x, key_file: x}, kubeconfig_file: ${world.readerKubeconfig}}]
`;
  const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });
  const settings = parseSettings({ path: "rollcall.yml", text }, configuration);
  const table = await startTable()();
  const store = createDynamoStore(table, clock.now);
  const log = createLog({ level: "warn" });
  const collect = createCollect({
    current: async () => ({ settings, servers: {} }),
    cycles: createDynamoCycles(table, createDynamoBlobs(table, clock.now)),
    openCluster: createOpenCluster({ now: clock.now, nodesInPool: async () => [] }),
    sinksOf: createSinks({ store, bus: createMemoryBus(), http: {} }),
    clock,
    random: () => 0,
    wait: async () => undefined,
    log,
  });
  await collect();
  now += minute;
  const outcome = await collect();
  const current = { settings, servers: {}, adapters: settings.adapters.map((one) => ({ settings: one })) };
  const adapt = createAdapt({
    adapters: createAdapters({
      current: async () => current,
      registries: createMemoryRegistries(),
      store,
      reach: ownReach,
      now: clock.now,
      log,
    }),
    hosted: createHosting({ reach: ownReach, allowsAnonymous: true, clock: clock.now, log }),
    most: undefined,
    log,
  });
  const told = (line: string) => void process.stderr.write(`${line}\n`);
  const listener = await listenForAggregator({ listen, pair: world.serving, adapt, log: told });
  const stop = async () => {
    await listener.close();
    await kubelet.close();
  };
  return { port: listener.port, outcome, stop };
};

/** Every pod uses a quarter of a core, the node two. */
const summary = (pods: readonly string[], now: number) => {
  const began = "2026-01-01T00:00:00Z";
  const time = new Date(now).toISOString();
  const seconds = Math.floor((now - Date.parse(began)) / 1000);
  const usage = (cores: number, megabytes: number) => ({
    cpu: { time, usageNanoCores: cores * 1e9, usageCoreNanoSeconds: cores * 1e9 * seconds },
    memory: {
      time,
      usageBytes: megabytes * 2 ** 21,
      workingSetBytes: megabytes * 2 ** 20,
      rssBytes: 1,
      pageFaults: 1,
      majorPageFaults: 0,
    },
  });
  return {
    node: { nodeName: "n1", startTime: began, ...usage(2, 1024) },
    pods: pods.map((name) => ({
      podRef: { name, namespace: "shop", uid: `uid-${name}` },
      startTime: began,
      containers: [{ name: "app", startTime: began, ...usage(0.25, 32) }],
    })),
  };
};

import { startTableServer } from "../../../tests/contract/table.ts";
import { startKubelet } from "../../../tests/fakes/kubelet.ts";
import { startSmallApiServer } from "../../../tests/unit/discovery/kubernetes/server.ts";

/**
 * A cluster's API server, its kubelets and a table, apart from what is measured: `kubelets.ts NODES PODS CONTAINERS MILLISECONDS`. Each
 * kubelet has a loopback address of its own, and answers after so long. Writes where they are as a line of JSON.
 */
const [nodes = 0, pods = 0, containers = 0, delay = 0] = process.argv.slice(2).map(Number);
const count = (n: number) => Array.from({ length: n }, (_, at) => at);
const addressOf = (node: number) => `127.9.${node >> 8}.${node & 255}`;
const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "128Mi" } };

const podName = (node: number, pod: number) => `web-${node}-${pod}-5d9c7b8f6-x2k4q`;
const specs = count(containers).map((at) => ({ name: `c${at}`, image: "registry.example/web:1", resources }));
const podOf = (node: number, pod: number) => ({
  metadata: {
    name: podName(node, pod),
    namespace: `team-${pod}`,
    uid: `0f6a2c1e-${node}-${pod}`,
    labels: { app: "web", "pod-template-hash": "5d9c7b8f6" },
  },
  spec: { nodeName: `node-${node}`, containers: specs },
  status: { startTime: "2026-01-01T00:00:00Z" },
});
const nodeOf = (node: number) => ({
  metadata: { name: `node-${node}`, labels: { zone: `z${node % 3}` } },
  status: {
    addresses: [{ type: "InternalIP", address: addressOf(node) }],
    capacity: { cpu: "16", memory: "64Gi", "ephemeral-storage": "100Gi" },
    allocatable: { cpu: "15", memory: "60Gi", "ephemeral-storage": "90Gi" },
  },
});

const startTime = "2026-01-01T00:00:00Z";
const usage = (seed: number) => {
  const time = new Date().toISOString();
  const cpu = { time, usageNanoCores: seed, usageCoreNanoSeconds: Date.now() * 250_000 + seed };
  const memory = {
    time,
    usageBytes: seed + 2 ** 26,
    workingSetBytes: seed + 2 ** 25,
    rssBytes: seed,
    pageFaults: seed,
  };
  return { startTime, cpu, memory };
};
const filesystem = {
  availableBytes: 2 ** 34,
  capacityBytes: 2 ** 36,
  usedBytes: 2 ** 20,
  inodes: 1e6,
  inodesFree: 9e5,
};
const network = () => {
  const time = new Date().toISOString();
  return { time, rxBytes: Date.now(), rxErrors: 0, txBytes: Date.now(), txErrors: 0 };
};
const summary = (node: number) => ({
  node: { nodeName: `node-${node}`, ...usage(node), network: network(), fs: filesystem },
  pods: count(pods).map((pod) => ({
    podRef: { name: podName(node, pod), namespace: `team-${pod}`, uid: `0f6a2c1e-${node}-${pod}` },
    startTime,
    network: network(),
    containers: specs.map(({ name }, at) => ({
      name,
      ...usage(node * 100 + pod * 10 + at),
      rootfs: filesystem,
      logs: filesystem,
    })),
  })),
});

const api = await startSmallApiServer({
  lists: {
    "/api/v1/nodes": count(nodes).map(nodeOf),
    "/api/v1/pods": count(nodes).flatMap((node) => count(pods).map((pod) => podOf(node, pod))),
    "/api/v1/namespaces": count(pods).map((pod) => ({
      metadata: { name: `team-${pod}`, uid: `uid-${pod}` },
    })),
  },
});
let port = 0;
for (const node of count(nodes)) {
  const answer = (_: unknown, response: import("node:http").ServerResponse) => {
    const body = JSON.stringify(summary(node));
    setTimeout(() => response.setHeader("content-type", "application/json").end(body), delay);
  };
  port = (await startKubelet({ address: addressOf(node), port, answer })).port;
}
const table = await startTableServer("rollcall");
process.stdout.write(`${JSON.stringify({ api: api.url, port, table })}\n`);

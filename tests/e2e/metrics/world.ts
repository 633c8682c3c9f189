import type { Manifest } from "../control-plane.ts";

/** Two nodes that answer, one whose kubelet is a stranger, and one that is not ready. */
export const addresses: Readonly<Record<string, string>> = {
  "node-a": "127.0.0.2",
  "node-b": "127.0.0.3",
  stranger: "127.0.0.4",
  resting: "127.0.0.5",
};

export const nodes: readonly Manifest[] = Object.entries(addresses).map(([name, address]) => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { zone: name } },
  status: {
    addresses: [
      { type: "Hostname", address: `${name}.example` },
      { type: "InternalIP", address },
    ],
    capacity: { cpu: "4", memory: "8Gi", pods: "110" },
    allocatable: { cpu: "4", memory: "4Gi", pods: "110" },
    conditions: [{ type: "Ready", status: name === "resting" ? "False" : "True" }],
  },
}));

export const namespace: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

export const pods: readonly Manifest[] = ["node-a", "node-b"].map((node) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `web-${node}`, namespace: "shop", labels: { app: "web" } },
  spec: {
    nodeName: node,
    containers: [
      {
        name: "app",
        image: "registry.example/app:1",
        resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } },
      },
    ],
  },
}));

const began = "2026-01-01T00:00:00Z";
const mebi = 1024 * 1024;

/** What the kubelet of a node says at a time: its one container uses a quarter of a core, the node a whole one. */
export const summaryAt = (node: string, now: number) => {
  const time = new Date(now).toISOString();
  const seconds = Math.floor((now - Date.parse(began)) / 1000);
  const usage = (cores: number, memory: number) => ({
    cpu: { time, usageNanoCores: cores * 1e9, usageCoreNanoSeconds: Math.round(cores * 1e9) * seconds },
    memory: {
      time,
      usageBytes: memory,
      workingSetBytes: memory / 2,
      rssBytes: 1,
      pageFaults: seconds,
      majorPageFaults: 0,
    },
  });
  const network = {
    time,
    name: "eth0",
    rxBytes: 1000 * seconds,
    rxErrors: 0,
    txBytes: 500 * seconds,
    txErrors: 0,
  };
  const container = { name: "app", startTime: began, ...usage(0.25, 64 * mebi) };
  const podRef = { name: `web-${node}`, namespace: "shop", uid: `uid-${node}` };
  const fs = { time, usedBytes: 5 * mebi, capacityBytes: 50 * mebi, availableBytes: 45 * mebi };
  return {
    node: { nodeName: node, startTime: began, ...usage(1, 1024 * mebi), network, fs },
    pods: [{ podRef, startTime: began, network, containers: [container] }],
  };
};

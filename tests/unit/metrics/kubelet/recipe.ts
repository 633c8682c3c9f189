/** A kubelet's summary by the recipe of the specification (C4): each value is its entity's seed plus an offset. */
export const startTime = "2026-01-01T00:00:00Z";
const earlier = "2025-12-31T23:59:00Z";
export const scrapeTime = "2026-01-01T01:00:00.123456789Z";
const time = scrapeTime;

export const cpu = (seed: number) => ({ time, usageNanoCores: seed, usageCoreNanoSeconds: seed + 1 });
export const memory = (seed: number) => ({
  time,
  pageFaults: seed + 2,
  majorPageFaults: seed + 3,
  usageBytes: seed + 4,
  rssBytes: seed + 5,
  workingSetBytes: seed + 6,
});
export const network = (seed: number) => ({
  time,
  name: "eth0",
  rxBytes: seed + 7,
  rxErrors: seed + 8,
  txBytes: seed + 9,
  txErrors: seed + 10,
  interfaces: [{ name: "eth1", rxBytes: 1_000_000 }],
});
export const fs = (seed: number) => ({
  time,
  usedBytes: seed + 11,
  capacityBytes: seed + 12,
  availableBytes: seed + 13,
});

export const container = (name: string, seed: number) => ({
  name,
  startTime,
  cpu: cpu(seed),
  memory: memory(seed),
  rootfs: fs(seed),
  logs: fs(seed),
});

const pod = (name: string, namespace: string, containers: readonly object[]) => ({
  podRef: { name, namespace, uid: `uid-${namespace}-${name}` },
  containers,
});
const running = (name: string, namespace: string, seed: number, containers: readonly object[]) => ({
  ...pod(name, namespace, containers),
  startTime,
  network: network(seed),
});

const accelerator = {
  make: "nvidia",
  model: "tesla-p100",
  id: "GPU-1",
  memoryTotal: 13_014,
  memoryUsed: 13_015,
  dutyCycle: 13_016,
};
const { memory: _memory, rootfs: _rootfs, logs: _logs, ...bare } = container("c5", 13_000);

export const recipe = {
  node: {
    nodeName: "test",
    startTime,
    cpu: cpu(0),
    memory: memory(0),
    network: network(0),
    fs: fs(0),
    systemContainers: [container("kubelet", 200), container("runtime", 100), container("misc", 300)],
  },
  pods: [
    {
      ...running("pod0", "test0", 1000, [
        container("c0", 2000),
        container("c1", 2001),
        { ...container("c0", 9), startTime: earlier },
      ]),
      cpu: cpu(1000),
      memory: memory(1000),
      "ephemeral-storage": fs(1000),
    },
    {
      ...running("pod1", "test0", 3000, [container("c0", 4000)]),
      volume: [
        { name: "A", ...fs(3000) },
        { name: "B", ...fs(3100) },
      ],
    },
    running("pod0", "test1", 5000, [container("c1", 6000), container("runtime", 7000)]),
    {
      ...pod("pod2", "test0", [container("c3", 9000)]),
      volume: [{ name: "C", availableBytes: 1130, usedBytes: 13_340, capacityBytes: 2153 }],
    },
    running("pod4", "test0", 10_000, [
      container("c4", 11_000),
      { name: "c4", startTime: earlier },
      { name: "c4", startTime: earlier, cpu: {}, memory: {}, rootfs: {}, logs: {} },
    ]),
    running("pod5", "test0", 12_000, [{ ...bare, accelerators: [accelerator] }]),
  ],
};

import { lifeOf } from "../cluster.ts";
import { namespaceOf } from "../podmoves.ts";
import { timeOf } from "../time.ts";
import type { Meter } from "./meter.ts";
import type { NetworkUse, NodeUse, PodUse } from "./usage.ts";

/** `/stats/summary` (kubelet Summary v1alpha1), as far as anybody reads it. `now` is Unix milliseconds. */
export const summaryOf = (use: NodeUse, now: number) => ({
  node: {
    nodeName: use.node.name,
    ...stats(use.meter, now),
    network: networkOf(use.network, now),
    fs: filesystem(use.meter.workingSet, now),
    systemContainers: [...use.system].map(([name, meter]) => ({ name, ...stats(meter, now) })),
  },
  pods: use.pods.map((pod) => podOf(pod, now)),
});

const podOf = ({ pod, network, containers }: PodUse, now: number) => ({
  podRef: { name: pod.name, namespace: namespaceOf(pod), uid: pod.uid },
  startTime: timeOf(pod.created),
  containers: [...containers].map(([name, meter]) => ({
    name,
    ...stats(meter, now),
    startTime: timeOf(lifeOf(pod, name).startedAt),
    rootfs: filesystem(meter.written, now),
    logs: filesystem(meter.written / 8, now),
  })),
  ...(network && { network: networkOf(network, now) }),
});

const stats = (meter: Meter, now: number) => {
  const time = exactTime(now);
  return {
    startTime: timeOf(meter.startedAt),
    cpu: {
      time,
      usageNanoCores: Math.round(meter.rate * 1e6),
      usageCoreNanoSeconds: Math.round(meter.nanoseconds),
    },
    memory: {
      time,
      usageBytes: meter.workingSet + meter.cache,
      workingSetBytes: meter.workingSet,
      rssBytes: Math.round(0.9 * meter.workingSet),
      pageFaults: meter.faults,
      majorPageFaults: Math.floor(meter.faults / 5000),
    },
  };
};

const networkOf = ({ received, sent }: NetworkUse, now: number) => ({
  time: exactTime(now),
  name: "eth0",
  rxBytes: Math.round(received),
  rxErrors: 0,
  txBytes: Math.round(sent),
  txErrors: 0,
});

const filesystem = (used: number, now: number) => ({
  time: exactTime(now),
  availableBytes: disk - Math.round(used),
  capacityBytes: disk,
  usedBytes: Math.round(used),
  inodes: 6_400_000,
  inodesFree: 6_100_000,
});

const disk = 100 * 1024 ** 3;

/** To the millisecond: rates are divided by such times. */
const exactTime = (milliseconds: number) => new Date(milliseconds).toISOString();

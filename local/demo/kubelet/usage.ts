import type { LoadPlan } from "../catalogue.ts";
import { type Cluster, lifeOf, mainContainers, type NodeState, type PodState } from "../cluster.ts";
import { type Meter, newMeter, run } from "./meter.ts";

/** What a node, its pods and their containers have used, as their kubelet would know it. */
export interface NodeUse {
  readonly node: NodeState;
  readonly meter: Meter;
  readonly network: NetworkUse;
  /** The node's own programs, by the name that a summary has for them. */
  readonly system: ReadonlyMap<string, Meter>;
  /** Those that run, in the order of their making. */
  readonly pods: readonly PodUse[];
}

export interface PodUse {
  readonly pod: PodState;
  /** Absent of a pod in its host's network. */
  readonly network?: NetworkUse;
  readonly containers: ReadonlyMap<string, Meter>;
}

/** Bytes since the beginning. */
export interface NetworkUse {
  received: number;
  sent: number;
}

/** Reads all meters of a node, having run them until then. */
export type ReadUse = (node: NodeState) => NodeUse;

/**
 * Makes up what the cluster uses: a daily wave (a day of the demo takes twelve minutes), which each container is a little ahead or behind of, and
 * noise. Counters only grow, but those of a container that was restarted begin anew.
 */
export const createUsage = (cluster: Cluster): ReadUse => {
  const nodes = new Map<NodeState, Kept>();
  return (node) => {
    const now = cluster.clock();
    const kept = nodes.get(node) ?? newNode(now);
    nodes.set(node, kept);
    const running = [...cluster.pods].filter((pod) => pod.node === node && pod.phase === "Running");
    for (const uid of kept.pods.keys()) if (!running.some((pod) => pod.uid === uid)) kept.pods.delete(uid);
    const pods = running.map((pod) => runPod(kept, pod, cluster));
    for (const [name, meter] of kept.system)
      grow(kept, run(meter, systemLoads[name] ?? idle, { now, random: cluster.random }));
    kept.meter.at = now;
    settleMemory(kept, pods);
    return { ...kept, node, pods };
  };
};

interface Kept {
  readonly meter: Meter;
  readonly network: NetworkUse;
  readonly system: ReadonlyMap<string, Meter>;
  readonly pods: Map<string, PodUse>;
}

const idle: LoadPlan = { cpu: 1, memory: 1 };
const systemLoads: Readonly<Record<string, LoadPlan>> = {
  kubelet: { cpu: 60, memory: 110 },
  runtime: { cpu: 45, memory: 160 },
};

/** Milliseconds: nodes were there before the demo began. */
const age = 9 * 86_400_000;

const newNode = (now: number): Kept => ({
  meter: { ...newMeter(now - age, now), nanoseconds: 0.21 * age * 1e6 },
  network: { received: 41e9, sent: 37e9 },
  system: new Map(Object.keys(systemLoads).map((name) => [name, newMeter(now - age, now)])),
  pods: new Map(),
});

/** What a run added; the node's own counters take it up, so that they never fall when a pod goes. */
const grow = ({ meter }: Kept, { nanoseconds, faults }: ReturnType<typeof run>): void => {
  meter.nanoseconds += nanoseconds;
  meter.faults += faults;
};

const runPod = (kept: Kept, pod: PodState, cluster: Cluster): PodUse => {
  const now = cluster.clock();
  const before = kept.pods.get(pod.uid);
  const containers = new Map<string, Meter>();
  const isOnHost = pod.owner.kind === "app" && pod.owner.app.plan.hostNetwork === true;
  const network: NetworkUse = before?.network ?? { received: 0, sent: 0 };
  for (const { name, load } of mainContainers(pod)) {
    const { startedAt } = lifeOf(pod, name);
    const held = before?.containers.get(name);
    const meter = held?.startedAt === startedAt ? held : newMeter(startedAt, startedAt);
    containers.set(name, meter);
    const grown = run(meter, load, { now, random: cluster.random });
    grow(kept, grown);
    network.received += grown.received;
    network.sent += 0.8 * grown.received;
    kept.network.received += grown.received;
    kept.network.sent += 0.8 * grown.received;
  }
  const use = { pod, containers, ...(isOnHost ? {} : { network }) };
  kept.pods.set(pod.uid, use);
  return use;
};

const settleMemory = ({ meter, system }: Kept, pods: readonly PodUse[]): void => {
  const all = [...system.values(), ...pods.flatMap(({ containers }) => [...containers.values()])];
  const sum = (of: (one: Meter) => number) => all.reduce((total, one) => total + of(one), 0);
  meter.workingSet = sum((one) => one.workingSet) + ownMemory;
  meter.cache = sum((one) => one.cache) + ownMemory;
  meter.rate = sum((one) => one.rate);
};

/** Bytes of the kernel and the rest. */
const ownMemory = 700 * 1024 * 1024;

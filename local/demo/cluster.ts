import { type AppPlan, apps, type ContainerPlan, type CronPlan, crons, zones } from "./catalogue.ts";

/** The demo cluster as its controllers think of it; the manifests are made from this and from nothing else. */
export interface Cluster {
  readonly nodes: readonly NodeState[];
  readonly apps: readonly AppState[];
  readonly crons: readonly CronState[];
  readonly pods: Set<PodState>;
  readonly random: () => number;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

export interface NodeState {
  readonly name: string;
  readonly index: number;
  readonly address: string;
  readonly zone: string;
  uid: string;
  /** A gone node is not in the API any more; the same machine may come back. */
  stage: "ready" | "unreachable" | "gone";
  since: number;
  nextHost: number;
}

export interface AppState {
  readonly plan: AppPlan;
  readonly uid: string;
  readonly serviceUid: string;
  replicas: number;
  /** The newest last; the ones before it are kept at zero, to be able to go back. */
  readonly revisions: Revision[];
}

export interface Revision {
  readonly hash: string;
  readonly uid: string;
  readonly number: number;
}

export interface CronState {
  readonly plan: CronPlan;
  readonly uid: string;
  readonly jobs: JobState[];
}

export interface JobState {
  readonly name: string;
  readonly uid: string;
  readonly number: number;
  readonly started: number;
  completed?: number;
}

export interface PodState {
  readonly name: string;
  readonly uid: string;
  readonly created: number;
  readonly owner: AppOwner | JobOwner;
  node: NodeState | undefined;
  ip: string | undefined;
  phase: "Pending" | "Running" | "Succeeded";
  ready: boolean;
  /** When its readiness or phase last changed. */
  changed: number;
  terminating: number | undefined;
  /** Of containers that ended by themselves and were started again, by name. */
  readonly restarted: Map<string, ContainerLife>;
}

export interface ContainerLife {
  readonly restarts: number;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

export const containersOf = ({ owner }: PodState): readonly ContainerPlan[] =>
  owner.kind === "app" ? owner.app.plan.containers : [owner.cron.plan.container];

/** Those that run as long as their pod does. */
export const mainContainers = (pod: PodState) => containersOf(pod).filter(({ init }) => init !== true);

/** How often a container was started again, and when last. */
export const lifeOf = (pod: PodState, container: string): ContainerLife =>
  pod.restarted.get(container) ?? { restarts: 0, startedAt: pod.created };

export interface AppOwner {
  readonly kind: "app";
  readonly app: AppState;
  readonly revision: Revision;
}

export interface JobOwner {
  readonly kind: "job";
  readonly cron: CronState;
  readonly job: JobState;
}

export const createCluster = (random: () => number, clock: () => number): Cluster => ({
  random,
  clock,
  pods: new Set(),
  nodes: zones.map((zone, index) => ({
    name: `node-${index + 1}`,
    index: index + 1,
    address: `127.20.0.${index + 1}`,
    zone,
    uid: newUid(random),
    stage: "ready",
    since: clock(),
    nextHost: 1,
  })),
  apps: apps.map((plan) => ({
    plan,
    uid: newUid(random),
    serviceUid: newUid(random),
    replicas: plan.replicas,
    revisions: [newRevision(random, 1)],
  })),
  crons: crons.map((plan) => ({ plan, uid: newUid(random), jobs: [] })),
});

export const newUid = (random: () => number) =>
  [8, 4, 4, 4, 12].map((length) => letters(random, length, "0123456789abcdef")).join("-");

export const newRevision = (random: () => number, number: number): Revision => ({
  hash: letters(random, 10),
  uid: newUid(random),
  number,
});

/** Kubernetes leaves out vowels and look-alikes, so that no word comes about. */
export const letters = (random: () => number, length: number, from = "bcdfghjklmnpqrstvwxz2456789") =>
  Array.from({ length }, () => from[Math.floor(random() * from.length)] ?? "b").join("");

/** An address on a node that no pod has: 127.10.<node>.<host>. */
export const newAddress = (cluster: Cluster, node: NodeState): string => {
  const taken = new Set([...cluster.pods].map((pod) => pod.ip));
  for (let tries = 0; tries < hosts; tries += 1) {
    const address = `127.10.${node.index}.${node.nextHost}`;
    node.nextHost = (node.nextHost % hosts) + 1;
    if (!taken.has(address)) return address;
  }
  throw new Error(`every address of ${node.name} is taken`);
};

const hosts = 250;

export const isLive = (pod: PodState) => pod.terminating === undefined && pod.phase !== "Succeeded";

export const podsOf = (cluster: Cluster, app: AppState) =>
  [...cluster.pods].filter((pod) => pod.owner.kind === "app" && pod.owner.app === app);

export const podsOfJob = (cluster: Cluster, job: JobState) =>
  [...cluster.pods].filter((pod) => pod.owner.kind === "job" && pod.owner.job === job);

export const newestRevision = (app: AppState): Revision => {
  const revision = app.revisions.at(-1);
  if (revision === undefined) throw new Error(`${app.plan.name} has no revision`);
  return revision;
};

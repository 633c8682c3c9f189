import {
  type AppOwner,
  type Cluster,
  type JobOwner,
  letters,
  lifeOf,
  mainContainers,
  type NodeState,
  newAddress,
  newUid,
  type PodState,
} from "./cluster.ts";
import { type Move, pick } from "./move.ts";

/** The next thing that each pod's kubelet would do: Pending, Running, ready, and away when it is told to go. */
export const podMoves = (cluster: Cluster): Move[] =>
  [...cluster.pods].flatMap((pod) => {
    const move = nextOf(cluster, pod);
    return move === undefined ? [] : [move];
  });

/** A new pod, Pending and without an address, on the given node or the emptiest that is ready. */
export const createPod = (cluster: Cluster, owner: AppOwner | JobOwner, on?: NodeState): PodState => {
  const pod: PodState = {
    name: `${owner.kind === "app" ? prefixOf(owner) : owner.job.name}-${letters(cluster.random, 5)}`,
    uid: newUid(cluster.random),
    created: cluster.clock(),
    owner,
    node: on ?? emptiest(cluster),
    ip: undefined,
    phase: "Pending",
    ready: false,
    changed: cluster.clock(),
    terminating: undefined,
    restarted: new Map(),
  };
  cluster.pods.add(pod);
  return pod;
};

export const terminate = (cluster: Cluster, pod: PodState) => {
  pod.terminating = cluster.clock();
  setReady(cluster, pod, false);
};

/** A container of a ready pod ends by itself; its kubelet starts it again, and the pod is not ready meanwhile. */
export const podWishes = (cluster: Cluster): Move[] =>
  [...cluster.pods]
    .filter((pod) => pod.ready && pod.owner.kind === "app" && pod.terminating === undefined)
    .map((pod) => ({
      says: `pod ${namespaceOf(pod)}/${pod.name} restarts`,
      act: () => restart(cluster, pod),
    }));

const restart = (cluster: Cluster, pod: PodState) => {
  const name = pick(cluster.random, mainContainers(pod))?.name;
  if (name === undefined) return;
  const restarts = lifeOf(pod, name).restarts + 1;
  pod.restarted.set(name, { restarts, startedAt: cluster.clock() });
  setReady(cluster, pod, false);
};

export const setReady = (cluster: Cluster, pod: PodState, ready: boolean) => {
  if (pod.ready !== ready) pod.changed = cluster.clock();
  pod.ready = ready;
};

export const namespaceOf = (pod: PodState) =>
  pod.owner.kind === "app" ? pod.owner.app.plan.namespace : pod.owner.cron.plan.namespace;

const prefixOf = ({ app, revision }: AppOwner) =>
  app.plan.kind === "Deployment" ? `${app.plan.name}-${revision.hash}` : app.plan.name;

const emptiest = (cluster: Cluster): NodeState | undefined => {
  const load = (node: NodeState) => [...cluster.pods].filter((pod) => pod.node === node).length;
  return cluster.nodes.filter((node) => node.stage === "ready").sort((a, b) => load(a) - load(b))[0];
};

const nextOf = (cluster: Cluster, pod: PodState): Move | undefined => {
  const name = `pod ${namespaceOf(pod)}/${pod.name}`;
  if (pod.node !== undefined && pod.node.stage !== "ready") return undefined;
  if (pod.terminating !== undefined)
    return { says: `${name} is gone`, act: () => void cluster.pods.delete(pod) };
  if (pod.phase === "Pending") return { says: `${name} runs`, act: () => run(cluster, pod) };
  if (pod.phase === "Running" && !pod.ready) {
    return { says: `${name} is ready`, act: () => setReady(cluster, pod, true) };
  }
  return undefined;
};

const run = (cluster: Cluster, pod: PodState) => {
  pod.node ??= emptiest(cluster);
  if (pod.node === undefined) return;
  const hostNetwork = pod.owner.kind === "app" && pod.owner.app.plan.hostNetwork === true;
  pod.ip = hostNetwork ? pod.node.address : newAddress(cluster, pod.node);
  pod.phase = "Running";
  pod.changed = cluster.clock();
};

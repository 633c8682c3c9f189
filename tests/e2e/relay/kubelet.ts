import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import type { ControlPlane } from "../control-plane.ts";
import { podStatus } from "../world/pods.ts";

/** Plays scheduler and kubelet for the pods that controllers make; pods of nobody, and of the world before it, are left alone. */
export interface Kubelet {
  /** Where pods go from now on, in turns; a pod that its controller tied to a node goes there. */
  nodes: readonly string[];
  /**
   * Binds, starts, makes ready, completes and removes pods, one step of each at a time, until the check passes. After the
   * deadline the check's last failure is thrown.
   */
  runUntil(what: string, seconds: number, check: () => Promise<void>): Promise<void>;
}

export const createKubelet = (cluster: ControlPlane, nodes: readonly string[]): Kubelet => {
  let scheduled = 0;
  let addresses = 0;
  const nextNode = () => {
    scheduled += 1;
    return kubelet.nodes[scheduled % kubelet.nodes.length] ?? "";
  };
  const nextAddress = () => {
    addresses += 1;
    return `${network}${addresses >> 8}.${addresses & 255}`;
  };
  const step = async () => {
    const { items } = podList.parse(await cluster.ask("GET", "/api/v1/pods"));
    for (const pod of items.filter(isOurs)) await move(cluster, pod, { nextNode, nextAddress });
  };
  const kubelet: Kubelet = {
    nodes,
    runUntil: async (what, seconds, check) => {
      const deadline = performance.now() + seconds * 1000;
      for (;;) {
        await step();
        const failure = await check().then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === undefined) return;
        if (performance.now() > deadline)
          throw new Error(`not within ${seconds} s: ${what}`, { cause: failure });
        await sleep(pause);
      }
    },
  };
  return kubelet;
};

/** Waits, working as kubelet, until a deployment runs so many pods of its latest template and nothing else. */
export const rolledOut = (
  { cluster, kubelet }: { cluster: ControlPlane; kubelet: Kubelet },
  path: string,
  replicas: number,
) =>
  kubelet.runUntil(`${path} is rolled out`, 40, async () => {
    const { metadata, status } = deployment.parse(await cluster.ask("GET", path));
    assert.equal(status.observedGeneration, metadata.generation);
    assert.deepEqual(
      [status.replicas, status.updatedReplicas, status.readyReplicas],
      Array(3).fill(replicas),
    );
  });

interface Supply {
  readonly nextNode: () => string;
  readonly nextAddress: () => string;
}

/** One step in a pod's life. A pod may be gone, or have been changed, since it was listed: then the next round sees it. */
const move = async (cluster: ControlPlane, pod: Pod, supply: Supply) => {
  try {
    await moved(cluster, pod, supply);
  } catch (error) {
    if (!(error instanceof Error && /: (404|409) /.test(error.message))) throw error;
  }
};

const moved = async (cluster: ControlPlane, pod: Pod, { nextNode, nextAddress }: Supply) => {
  const { name, namespace, deletionTimestamp, labels } = pod.metadata;
  const place = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const report = (status: object) => cluster.ask("PATCH", `${place}/status`, { status });
  if (deletionTimestamp !== undefined) return cluster.ask("DELETE", `${place}?gracePeriodSeconds=0`);
  if (pod.spec.nodeName === undefined) {
    const target = { apiVersion: "v1", kind: "Node", name: tiedTo(pod) ?? nextNode() };
    const binding = { apiVersion: "v1", kind: "Binding", metadata: { name }, target };
    return cluster.ask("POST", `${place}/binding`, binding);
  }
  if (pod.status.podIP === undefined)
    return report(podStatus({ ip: nextAddress(), ready: "False", containers: pod.spec.containers }));
  if (!pod.status.podIP.startsWith(network) || pod.status.phase !== "Running") return;
  if (!isReady(pod)) return report({ conditions: [{ type: "Ready", status: "True" }] });
  if ("job-name" in labels)
    return report({ phase: "Succeeded", conditions: [{ type: "Ready", status: "False" }] });
};

/** A job's pod in its last step is not ready any more, but it is not running either. */
const isReady = ({ status }: Pod) =>
  status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True");

const isOurs = ({ metadata }: Pod) => metadata.ownerReferences.some(({ kind }) => controllers.has(kind));

const controllers = new Set(["ReplicaSet", "DaemonSet", "Job"]);

/** How the daemon set controller says where a pod belongs. */
const tiedTo = ({ spec }: Pod) =>
  spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
    .flatMap(({ matchFields }) => matchFields)
    .find(({ key }) => key === "metadata.name")?.values[0];

const network = "10.6.";
const pause = 150;

const matchFields = z.array(z.object({ key: z.string(), values: z.array(z.string()) })).default([]);
const terms = z.object({ nodeSelectorTerms: z.array(z.object({ matchFields })) });
const podItem = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z.array(z.object({ kind: z.string() })).default([]),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(
      z.object({ name: z.string(), image: z.string(), ports: z.array(z.object({})).default([]) }),
    ),
    affinity: z
      .object({
        nodeAffinity: z
          .object({ requiredDuringSchedulingIgnoredDuringExecution: terms.optional() })
          .optional(),
      })
      .optional(),
  }),
  status: z.object({
    phase: z.string(),
    podIP: z.string().optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  }),
});
type Pod = z.infer<typeof podItem>;
const podList = z.object({ items: z.array(podItem) });

const count = z.number().default(0);
const deployment = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z.object({
    observedGeneration: count,
    replicas: count,
    updatedReplicas: count,
    readyReplicas: count,
  }),
});

import { createHash } from "node:crypto";
import type { ContainerPlan, LoadPlan } from "./catalogue.ts";
import { containersOf, lifeOf, type PodState } from "./cluster.ts";
import type { DemoObject } from "./object.ts";
import { namespaceOf } from "./podmoves.ts";
import { timeOf } from "./time.ts";

/** A pod as its controller wrote it and its kubelet reports it. */
export const podManifest = (pod: PodState): DemoObject => {
  const plan = planOf(pod);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: pod.name,
      namespace: namespaceOf(pod),
      uid: pod.uid,
      creationTimestamp: timeOf(pod.created),
      labels: plan.labels,
      ...(plan.scrapePort === undefined ? {} : { annotations: scrapeAnnotations(plan.scrapePort) }),
      ...(pod.terminating === undefined ? {} : deletion(pod.terminating)),
      ownerReferences: [{ ...plan.owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      ...containerLists(containersOf(pod)),
      restartPolicy: pod.owner.kind === "job" ? "OnFailure" : "Always",
      schedulerName: "default-scheduler",
      ...(pod.node === undefined ? {} : { nodeName: pod.node.name }),
      ...(plan.hostNetwork ? { hostNetwork: true } : {}),
    },
    status: statusOf(pod, containersOf(pod)),
  };
};

/** The labels by which the app's service and replica set know a pod. */
export const appLabels = (name: string) => ({ "app.kubernetes.io/name": name });

export const scrapeAnnotations = (port: number) => ({
  "prometheus.io/scrape": "true",
  "prometheus.io/port": String(port),
  "prometheus.io/path": "/metrics",
});

/** As a template has them. */
export const containerLists = (plans: readonly ContainerPlan[]) => {
  const init = plans.filter((plan) => plan.init === true).map(containerOf);
  const main = plans.filter((plan) => plan.init !== true).map(containerOf);
  return { ...(init.length === 0 ? {} : { initContainers: init }), containers: main };
};

const containerOf = ({ name, image, ports, load }: ContainerPlan) => ({
  name,
  image: `${image}:1.0`,
  ...(load.isUnbounded ? {} : { resources: resourcesOf(load) }),
  ports: ports.map((port) => ({
    name: port.name,
    containerPort: port.port,
    protocol: port.protocol ?? "TCP",
  })),
});

/** A little more than it needs is asked for, and at busy times it may have more. */
const resourcesOf = ({ cpu, memory }: LoadPlan) => ({
  requests: { cpu: `${roundUp(cpu, 25)}m`, memory: `${roundUp(memory, 16)}Mi` },
  limits: { cpu: `${roundUp(2.2 * cpu, 50)}m`, memory: `${roundUp(1.7 * memory, 32)}Mi` },
});

const roundUp = (amount: number, step: number) => Math.ceil(amount / step) * step;

const planOf = ({ owner }: PodState) => {
  if (owner.kind === "job") {
    const { name, uid } = owner.job;
    return {
      labels: { "batch.kubernetes.io/job-name": name, ...appLabels(owner.cron.plan.name) },
      owner: { apiVersion: "batch/v1", kind: "Job", name, uid },
      scrapePort: undefined,
      hostNetwork: false,
    };
  }
  const { plan, uid } = owner.app;
  const { hash, uid: replicaSetUid } = owner.revision;
  const replicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: `${plan.name}-${hash}`,
    uid: replicaSetUid,
  };
  const daemon = plan.kind === "DaemonSet";
  return {
    labels: { ...appLabels(plan.name), [daemon ? "controller-revision-hash" : "pod-template-hash"]: hash },
    owner: daemon ? { apiVersion: "apps/v1", kind: "DaemonSet", name: plan.name, uid } : replicaSet,
    scrapePort: plan.scrapePort,
    hostNetwork: plan.hostNetwork === true,
  };
};

const deletion = (since: number) => ({
  deletionTimestamp: timeOf(since + 30_000),
  deletionGracePeriodSeconds: 30,
});

const statusOf = (pod: PodState, plans: readonly ContainerPlan[]) => ({
  phase: pod.phase,
  conditions: [
    { type: "PodScheduled", status: pod.node === undefined ? "False" : "True" },
    { type: "Ready", status: pod.ready ? "True" : "False", lastTransitionTime: timeOf(pod.changed) },
  ],
  ...(pod.node === undefined ? {} : { hostIP: pod.node.address }),
  ...(pod.ip === undefined ? {} : { podIP: pod.ip, podIPs: [{ ip: pod.ip }] }),
  ...(pod.phase === "Pending" ? {} : { startTime: timeOf(pod.created), ...statusLists(pod, plans) }),
});

const statusLists = (pod: PodState, plans: readonly ContainerPlan[]) => {
  const init = plans.filter((plan) => plan.init === true).map((plan) => containerStatus(pod, plan));
  const main = plans.filter((plan) => plan.init !== true).map((plan) => containerStatus(pod, plan));
  return { ...(init.length === 0 ? {} : { initContainerStatuses: init }), containerStatuses: main };
};

const containerStatus = (pod: PodState, plan: ContainerPlan) => {
  const ended = plan.init === true || pod.phase === "Succeeded";
  const { restarts, startedAt } = lifeOf(pod, plan.name);
  return {
    name: plan.name,
    image: `${plan.image}:1.0`,
    containerID: `containerd://${createHash("sha256").update(`${pod.uid}/${plan.name}/${restarts}`).digest("hex")}`,
    ready: pod.ready && !ended,
    restartCount: restarts,
    state: ended
      ? { terminated: { exitCode: 0, reason: "Completed" } }
      : { running: { startedAt: timeOf(startedAt) } },
  };
};

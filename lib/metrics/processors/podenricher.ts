import { type DataBatch, emptySet, gauge, type Labels, type MetricSet, noTime } from "../batch.ts";
import type { MetricsPod, PodContainer } from "../cluster/pod.ts";
import { podContainerKey, podKey } from "../key.ts";
import { entityTypes, label } from "../labels.ts";
import type { Processor } from "../processor.ts";
import type { LabelCopier } from "./labelcopier.ts";

export interface PodEnricherParts {
  /** By `<namespace>/<name>`. */
  readonly pods: ReadonlyMap<string, MetricsPod>;
  readonly copyLabels: LabelCopier;
}

/**
 * What the API server knows of pods (spec A4, processor 2): identity, labels, requests, limits, restarts. A pod that it does not know stays
 * as it is; containers and pods that the kubelet said nothing of get a set of their own.
 */
export const createPodEnricher = (parts: PodEnricherParts): Processor => ({
  name: "pod enricher",
  process: (batch) => {
    const work: Work = { ...parts, batch, created: new Map() };
    for (const [key, set] of batch.sets) {
      const pod = parts.pods.get(`${set.labels[label.namespaceName]}/${set.labels[label.podName]}`);
      if (pod === undefined) continue;
      if (set.labels[label.type] === entityTypes.pod) enrichPod(set, pod, work);
      if (set.labels[label.type] === entityTypes.podContainer) enrichContainer(key, { set, pod }, work);
    }
    for (const [key, set] of work.created) batch.sets.set(key, set);
  },
});

interface Work extends PodEnricherParts {
  readonly batch: DataBatch;
  /** Joined with the batch at the end, so that what is made here is not enriched again. */
  readonly created: Map<string, MetricSet>;
}

const enrichPod = (set: MetricSet, pod: MetricsPod, { copyLabels, batch, created }: Work): void => {
  const { name, namespace, uid, labels } = pod.meta;
  set.labels[label.podId] = uid;
  if (pod.started !== noTime) set.entityCreated = pod.started;
  copyLabels(labels, set.labels);
  for (const container of pod.containers) {
    const key = podContainerKey(namespace, name, container.name);
    if (batch.sets.has(key) || created.has(key)) continue;
    const stub = emptySet({
      ...labelsOf(entityTypes.podContainer, set.labels),
      [label.containerName]: container.name,
      [label.containerBaseImage]: container.image,
      [label.podId]: uid,
    });
    copyLabels(labels, stub.labels);
    stub.entityCreated = set.collectionStart;
    addResources(stub, container);
    created.set(key, stub);
  }
};

const enrichContainer = (
  key: string,
  { set, pod }: { set: MetricSet; pod: MetricsPod },
  work: Work,
): void => {
  const { name, namespace, uid, labels } = pod.meta;
  const before = podContainerKey(namespace, name, "");
  const own = key.startsWith(before) ? key.slice(before.length) : undefined;
  const container = pod.containers.find((one) => one.name === own);
  if (container !== undefined) {
    addResources(set, container);
    set.labels[label.containerBaseImage] ??= container.image;
  }
  const restarts = own === undefined ? undefined : pod.restarts.get(own);
  if (restarts !== undefined) {
    set.values.set("restart_count", gauge(BigInt(restarts)));
    if (pod.started !== noTime) set.entityCreated = pod.started;
  }
  set.labels[label.podId] = uid;
  work.copyLabels(labels, set.labels);
  const ownPod = podKey(namespace, name);
  if (work.batch.sets.has(ownPod) || work.created.has(ownPod)) return;
  const stub = emptySet(labelsOf(entityTypes.pod, set.labels));
  work.created.set(ownPod, stub);
  enrichPod(stub, pod, work);
};

/** Who it is and where it runs, as a sibling says. */
const labelsOf = (type: string, sibling: Labels): Labels => ({
  [label.type]: type,
  [label.namespaceName]: sibling[label.namespaceName] ?? "",
  [label.podName]: sibling[label.podName] ?? "",
  [label.nodename]: sibling[label.nodename] ?? "",
  [label.hostname]: sibling[label.hostname] ?? "",
  [label.hostId]: sibling[label.hostId] ?? "",
});

const addResources = (set: MetricSet, { requests, limits }: PodContainer): void => {
  for (const [metric, resource] of ordinary) {
    set.values.set(`${metric}/request`, gauge(requests.get(resource) ?? 0n));
    set.values.set(`${metric}/limit`, gauge(limits.get(resource) ?? 0n));
  }
  for (const [resource, amount] of requests)
    if (!isOrdinary.has(resource)) set.values.set(`${resource}/request`, gauge(amount));
};

/** Resources that every container has a metric of, 0 when it says nothing; by the metric's first part. */
const ordinary = new Map([
  ["cpu", "cpu"],
  ["memory", "memory"],
  ["ephemeral_storage", "ephemeral-storage"],
]);
const isOrdinary: ReadonlySet<string> = new Set(ordinary.values());

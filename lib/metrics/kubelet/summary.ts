import { type Json, list, record, text } from "../../discovery/kubernetes/objects/decode.ts";
import { emptySet, type Labels, type MetricSet, metricTypes, noTime } from "../batch.ts";
import { customMetric } from "../catalogue.ts";
import { nodeContainerKey, nodeKey, podContainerKey, podKey } from "../key.ts";
import { entityTypes, label } from "../labels.ts";
import { addCounter, addGauge, addLabeled, addUptime, type Part, partOf, timeOf } from "./decoded.ts";
import { double, int64 } from "./json.ts";
import { type KubeletNode, nodeLabels } from "./node.ts";

/**
 * A kubelet's `/stats/summary` (kubelet Summary v1alpha1, spec A2.2), out of `parseLossless`. `now` is in Unix nanoseconds. Throws one line
 * that names the field which is not as it should be.
 */
export const decodeSummary = (
  body: unknown,
  { node, now }: { node: KubeletNode; now: bigint },
): Map<string, MetricSet> => {
  const summary = record(body, "summary");
  const sets = new Map<string, MetricSet>();
  const work: Work = { sets, now, labels: nodeLabels(node) };
  addNode(record(summary.node, "node"), work);
  list(summary.pods, "pods", (pod) => addPod(record(pod, "pods[]"), work));
  return sets;
};

interface Work {
  readonly sets: Map<string, MetricSet>;
  readonly now: bigint;
  /** Of the Kubernetes node, whatever the summary calls it. */
  readonly labels: Labels;
}

const addNode = (stats: Json, work: Work): void => {
  const name = text(stats.nodeName, "node.nodeName");
  if (name === "") throw new Error("node.nodeName: expected a name, got nothing");
  const set = begin(stats, { ...work.labels, [label.type]: entityTypes.node }, work);
  const [cpu, memory] = addUsage(set, stats);
  const network = addNetwork(set, stats);
  set.scraped = firstOf(cpu, memory, network);
  const fs = partOf(stats.fs, "fs");
  addFilesystem(set, "/", fs);
  addGauge(set, "ephemeral_storage/usage", fs?.int("usedBytes"));
  work.sets.set(nodeKey(name), set);
  list(stats.systemContainers, "node.systemContainers", (item) => {
    const container = record(item, "node.systemContainers[]");
    const own = text(container.name, "node.systemContainers[].name");
    const labels = { ...work.labels, [label.type]: entityTypes.systemContainer };
    const renamed = renames.get(own) ?? own;
    work.sets.set(nodeContainerKey(name, renamed), containerOf(container, renamed, { ...work, labels }));
  });
};

/** What the Docker names of cgroups were called before there were others. */
const renames = new Map([
  ["runtime", "docker-daemon"],
  ["misc", "system"],
]);

const addPod = (stats: Json, work: Work): void => {
  const ref = record(stats.podRef, "pods[].podRef");
  const name = text(ref.name, "pods[].podRef.name");
  const namespace = text(ref.namespace, "pods[].podRef.namespace");
  const labels: Labels = {
    ...work.labels,
    [label.podId]: text(ref.uid, "pods[].podRef.uid"),
    [label.podName]: name,
    [label.namespaceName]: namespace,
  };
  const set = begin(stats, { ...labels, [label.type]: entityTypes.pod }, work);
  addUsage(set, stats);
  set.scraped = firstOf(addNetwork(set, stats));
  addGauge(
    set,
    "ephemeral_storage/usage",
    partOf(stats["ephemeral-storage"], "ephemeral-storage")?.int("usedBytes"),
  );
  list(stats.volume, "pods[].volume", (item) => {
    const volume = record(item, "pods[].volume[]");
    addFilesystem(set, `Volume:${text(volume.name, "pods[].volume[].name")}`, partOf(volume, "volume"));
  });
  work.sets.set(podKey(namespace, name), set);
  list(stats.containers, "pods[].containers", (item) => {
    const container = record(item, "pods[].containers[]");
    const own = text(container.name, "pods[].containers[].name");
    const scope = { ...work, labels: { ...labels, [label.type]: entityTypes.podContainer } };
    keepLater(work.sets, podContainerKey(namespace, name, own), containerOf(container, own, scope));
  });
};

/** Of a container that was restarted the summary may list both lives. */
const keepLater = (sets: Map<string, MetricSet>, key: string, set: MetricSet): void => {
  const held = sets.get(key);
  if (held === undefined || set.collectionStart >= held.collectionStart) sets.set(key, set);
};

const containerOf = (stats: Json, name: string, work: Work): MetricSet => {
  const set = begin(stats, { ...work.labels, [label.containerName]: name }, work);
  set.scraped = firstOf(...addUsage(set, stats));
  addAccelerators(set, stats);
  const rootfs = partOf(stats.rootfs, "rootfs");
  const logs = partOf(stats.logs, "logs");
  addFilesystem(set, "/", rootfs);
  addFilesystem(set, "logs", logs);
  const [written, logged] = [rootfs?.int("usedBytes"), logs?.int("usedBytes")];
  if (written !== undefined && logged !== undefined)
    addGauge(set, "ephemeral_storage/usage", written + logged);
  addUserMetrics(set, stats);
  return set;
};

const begin = (stats: Json, labels: Labels, { now }: Work): MetricSet => {
  const set = { ...emptySet(labels), collectionStart: timeOf(stats.startTime, "startTime") };
  addUptime(set, now);
  return set;
};

type Measured = Part | undefined;

const addUsage = (set: MetricSet, stats: Json): [cpu: Measured, memory: Measured] => {
  const cpu = partOf(stats.cpu, "cpu");
  const memory = partOf(stats.memory, "memory");
  addCounter(set, "cpu/usage", cpu?.int("usageCoreNanoSeconds"));
  addGauge(set, "memory/usage", memory?.int("usageBytes"));
  addGauge(set, "memory/working_set", memory?.int("workingSetBytes"));
  addGauge(set, "memory/rss", memory?.int("rssBytes"));
  addCounter(set, "memory/page_faults", memory?.int("pageFaults"));
  addCounter(set, "memory/major_page_faults", memory?.int("majorPageFaults"));
  return [cpu, memory];
};

/** Of the default interface, which stands beside the list of all. */
const addNetwork = (set: MetricSet, stats: Json): Measured => {
  const network = partOf(stats.network, "network");
  addCounter(set, "network/rx", network?.int("rxBytes"));
  addCounter(set, "network/rx_errors", network?.int("rxErrors"));
  addCounter(set, "network/tx", network?.int("txBytes"));
  addCounter(set, "network/tx_errors", network?.int("txErrors"));
  return network;
};

const firstOf = (...parts: readonly Measured[]): bigint => {
  for (const part of parts) {
    const time = part?.time() ?? noTime;
    if (time !== noTime) return time;
  }
  return noTime;
};

const addFilesystem = (set: MetricSet, resource: string, fs: Measured): void => {
  if (fs === undefined) return;
  const labels = resourceLabels.get(resource) ?? { [label.resourceId]: resource };
  for (const [metric, field] of filesystemFields) addLabeled(set, metric, { labels, value: fs.int(field) });
};

/** Of what every container has: one object for all of them. */
const resourceLabels = new Map(["/", "logs"].map((resource) => [resource, { [label.resourceId]: resource }]));

const filesystemFields = [
  ["filesystem/usage", "usedBytes"],
  ["filesystem/limit", "capacityBytes"],
  ["filesystem/available", "availableBytes"],
  ["filesystem/inodes", "inodes"],
  ["filesystem/inodes_free", "inodesFree"],
] as const;

const addAccelerators = (set: MetricSet, stats: Json): void => {
  list(stats.accelerators, "accelerators", (item) => {
    const accelerator = record(item, "accelerators[]");
    const labels = {
      [label.make]: text(accelerator.make, "accelerators[].make"),
      [label.model]: text(accelerator.model, "accelerators[].model"),
      [label.acceleratorId]: text(accelerator.id, "accelerators[].id"),
    };
    const value = (field: string) => int64(accelerator[field], `accelerators[].${field}`);
    addLabeled(set, "accelerator/memory_total", { labels, value: value("memoryTotal") });
    addLabeled(set, "accelerator/memory_used", { labels, value: value("memoryUsed") });
    addLabeled(set, "accelerator/duty_cycle", { labels, value: value("dutyCycle") });
  });
};

/** Always doubles; a type that is not known is left out. */
const addUserMetrics = (set: MetricSet, stats: Json): void => {
  list(stats.userDefinedMetrics, "userDefinedMetrics", (item) => {
    const metric = record(item, "userDefinedMetrics[]");
    const type = metricTypes.find((one) => one === metric.type);
    const name = text(metric.name, "userDefinedMetrics[].name");
    if (type === undefined) return;
    set.values.set(customMetric(name), {
      type,
      value: double(metric.value ?? 0, "userDefinedMetrics[].value"),
    });
  });
};

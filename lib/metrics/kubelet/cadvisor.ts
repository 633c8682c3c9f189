import {
  type Json,
  list,
  optionalBoolean,
  record,
  stringMap,
  text,
} from "../../discovery/kubernetes/objects/decode.ts";
import { emptySet, gauge, type Labels, type MetricSet } from "../batch.ts";
import { nodeContainerKey, nodeKey, podContainerKey, podKey } from "../key.ts";
import { entityTypes, label } from "../labels.ts";
import { addCustom, addDisks, addFilesystems } from "./cadvisordevices.ts";
import { addCounter, addGauge, addUptime, timeOf } from "./decoded.ts";
import { int64 } from "./json.ts";
import { type KubeletNode, nodeLabels } from "./node.ts";

/**
 * A kubelet's `/stats/container/` (a map of cAdvisor's ContainerInfo, spec A2.1), out of `parseLossless`; `now` in Unix nanoseconds. Throws one
 * line that names the field which is not as it should be.
 */
export const decodeContainers = (
  body: unknown,
  { node, now }: { node: KubeletNode; now: bigint },
): Map<string, MetricSet> => {
  const sets = new Map<string, MetricSet>();
  for (const item of Object.values(record(body, "containers"))) {
    const info = record(item, "container");
    const stats = list(info.stats, "stats", (one) => record(one, "stats[]")).at(-1);
    if (stats === undefined) continue;
    const spec = record(info.spec, "spec");
    const { key, labels } = identify(info, spec, node);
    const set: MetricSet = {
      ...emptySet(labels),
      collectionStart: timeOf(spec.creation_time, "spec.creation_time"),
      scraped: timeOf(stats.timestamp, "stats[].timestamp"),
    };
    addUptime(set, now);
    addStandard(set, spec, stats);
    addFilesystems(set, spec, stats);
    addDisks(set, spec, stats);
    addCustom(set, spec, stats);
    sets.set(key, set);
  }
  return sets;
};

interface Identity {
  readonly key: string;
  readonly labels: Labels;
}

const identify = (info: Json, spec: Json, node: KubeletNode): Identity => {
  const aliases = list(info.aliases, "aliases", (alias) => text(alias, "aliases[]"));
  const name = aliases[0] ?? text(info.name, "name");
  const common = nodeLabels(node);
  if (name === "/") {
    const schedulable = node.unschedulable ? "false" : "true";
    const labels = { ...common, [label.type]: entityTypes.node, [label.schedulable]: schedulable };
    return { key: nodeKey(node.name), labels };
  }
  const { container, namespace, pod, uid } = ownerOf(name, spec);
  if (container === "" || namespace === "" || pod === "") {
    const own = name.replace(/^\//, "");
    const labels = { ...common, [label.type]: entityTypes.systemContainer, [label.containerName]: own };
    return { key: nodeContainerKey(node.name, own), labels };
  }
  const owner = { ...common, [label.podId]: uid, [label.podName]: pod, [label.namespaceName]: namespace };
  if (container === "POD")
    return { key: podKey(namespace, pod), labels: { ...owner, [label.type]: entityTypes.pod } };
  return {
    key: podContainerKey(namespace, pod, container),
    labels: {
      ...owner,
      [label.type]: entityTypes.podContainer,
      [label.containerName]: container,
      [label.containerBaseImage]: text(spec.image, "spec.image"),
    },
  };
};

const ownerOf = (name: string, spec: Json) => {
  const labels = stringMap(spec.labels, "spec.labels");
  const told = (key: string) => labels[`io.kubernetes.${key}`] ?? "";
  let [namespace, pod] = [told("pod.namespace"), told("pod.name")];
  const slash = pod.indexOf("/");
  if (namespace === "" && slash >= 0) [namespace, pod] = [pod.slice(0, slash), pod.slice(slash + 1)];
  return { container: told("container.name") || dockerName(name), namespace, pod, uid: told("pod.uid") };
};

/** The container in Docker's name of it, as Kubernetes 1.0 made them: `k8s_NAME.…`. */
const dockerName = (name: string): string => {
  const dot = name.indexOf(".");
  return dot < 4 ? "" : name.slice(4, dot);
};

const addStandard = (set: MetricSet, spec: Json, stats: Json): void => {
  const has = (what: string) => optionalBoolean(spec[what], `spec.${what}`) === true;
  if (has("has_cpu")) {
    const cpu = record(stats.cpu, "stats[].cpu");
    addCounter(
      set,
      "cpu/usage",
      int64(record(cpu.usage, "stats[].cpu.usage").total, "stats[].cpu.usage.total"),
    );
    addGauge(set, "cpu/load", int64(cpu.load_average, "stats[].cpu.load_average"));
  }
  if (has("has_memory")) addMemory(set, record(stats.memory, "stats[].memory"));
  if (has("has_network")) addNetwork(set, record(stats.network, "stats[].network"));
};

const addMemory = (set: MetricSet, memory: Json): void => {
  for (const name of ["usage", "cache", "rss", "working_set"])
    set.values.set(`memory/${name}`, gauge(int64(memory[name], `stats[].memory.${name}`)));
  const faults = record(memory.container_data, "stats[].memory.container_data");
  addCounter(set, "memory/page_faults", int64(faults.pgfault, "stats[].memory.container_data.pgfault"));
  addCounter(
    set,
    "memory/major_page_faults",
    int64(faults.pgmajfault, "stats[].memory.container_data.pgmajfault"),
  );
};

/** All interfaces together. */
const addNetwork = (set: MetricSet, network: Json): void => {
  const interfaces = list(network.interfaces, "stats[].network.interfaces", (item) =>
    record(item, "stats[].network.interfaces[]"),
  );
  for (const [metric, field] of networkFields) {
    const place = `stats[].network.interfaces[].${field}`;
    addCounter(
      set,
      metric,
      interfaces.reduce((sum, one) => sum + int64(one[field], place), 0n),
    );
  }
};

const networkFields = [
  ["network/rx", "rx_bytes"],
  ["network/rx_errors", "rx_errors"],
  ["network/tx", "tx_bytes"],
  ["network/tx_errors", "tx_errors"],
] as const;

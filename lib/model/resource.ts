import type { LabelSettings } from "../config/metrics/settings.ts";
import type { DataBatch, Labels, MetricSet } from "../metrics/batch.ts";
import { writeQuantity } from "../metrics/cluster/quantity.ts";
import { nodeKey, podKey } from "../metrics/key.ts";
import { entityTypes, label } from "../metrics/labels.ts";
import { nanoseconds } from "../metrics/time.ts";
import { NotThere } from "./badquery.ts";
import { selectorIn } from "./selector.ts";
import { goTime } from "./shape.ts";

export interface ResourceParts {
  readonly batch: DataBatch | undefined;
  readonly query: URLSearchParams;
  readonly labels: LabelSettings;
  /** Milliseconds. */
  readonly resolution: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * `/apis/metrics.k8s.io/v1alpha1` (spec A10.4) out of the newest batch, which has every node and pod of the cluster: the pod enricher puts in
 * containers that were not measured, so that a pod without all of them is known as such. Undefined for no path.
 */
export const resourceMetrics = (tokens: readonly string[], parts: ResourceParts): object | undefined => {
  const [first, second, third, fourth, ...more] = tokens;
  if (more.length > 0) return undefined;
  if (first === "nodes" && third === undefined)
    return second === undefined ? listOf(entityTypes.node, parts) : nodeNamed(second, parts);
  if (first === "pods" && second === undefined) return listOf(entityTypes.pod, parts);
  if (first !== "namespaces" || second === undefined || third !== "pods") return undefined;
  return fourth === undefined ? listOf(entityTypes.pod, parts, second) : podNamed(second, fourth, parts);
};

const nodeNamed = (name: string, parts: ResourceParts) => {
  const set = parts.batch?.sets.get(nodeKey(name));
  const metrics = set && objectOf(set, parts);
  if (metrics === undefined) throw new NotThere(`No metrics for node ${name}`);
  return metrics;
};

const podNamed = (namespace: string, name: string, parts: ResourceParts) => {
  const set = parts.batch?.sets.get(podKey(namespace, name));
  const metrics = set && objectOf(set, { ...parts, containers: containersOf(parts.batch) });
  if (metrics === undefined)
    throw new NotThere(
      set === undefined
        ? `pod "${name}" not found in namespace "${namespace}"`
        : `No metrics for pod ${namespace}/${name}`,
    );
  return metrics;
};

/** Null when there are none, as upstream's nil slice. */
const listOf = (type: string, parts: ResourceParts, namespace?: string) => {
  const fits = selectorIn(parts.query);
  const containers = containersOf(parts.batch);
  const items = [...(parts.batch?.sets ?? [])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, set]) => set)
    .filter(({ labels }) => labels[label.type] === type)
    .filter(({ labels }) => namespace === undefined || labels[label.namespaceName] === namespace)
    .filter(({ labels }) => fits(ownLabels(labels, parts.labels)))
    .flatMap((set) => objectOf(set, { ...parts, containers }) ?? []);
  return { metadata: {}, items: items.length > 0 ? items : null };
};

type Containers = ReadonlyMap<string, readonly MetricSet[]>;

/** By the key of their pod. */
const containersOf = (batch: DataBatch | undefined): Containers => {
  const found = new Map<string, MetricSet[]>();
  for (const set of batch?.sets.values() ?? []) {
    if (set.labels[label.type] !== entityTypes.podContainer) continue;
    const key = podKey(set.labels[label.namespaceName] ?? "", set.labels[label.podName] ?? "");
    found.set(key, [...(found.get(key) ?? []), set]);
  }
  return found;
};

/** Undefined when it is absent: something of it was not measured. */
const objectOf = (
  set: MetricSet,
  { batch, resolution, now, containers }: ResourceParts & { readonly containers?: Containers },
) => {
  const seen = {
    timestamp: inSeconds(batch?.timestamp ?? 0),
    window: windowText(resolution / 1000),
  };
  const creationTimestamp = inSeconds(now);
  const { labels } = set;
  if (labels[label.type] === entityTypes.node) {
    const usage = usageOf(set);
    return usage && { metadata: { name: labels[label.nodename], creationTimestamp }, ...seen, usage };
  }
  const [name = "", namespace = ""] = [labels[label.podName], labels[label.namespaceName]];
  const own = (containers?.get(podKey(namespace, name)) ?? []).map((one) => ({
    name: one.labels[label.containerName],
    usage: usageOf(one),
  }));
  if (own.length === 0 || own.some(({ usage }) => usage === undefined)) return undefined;
  return { metadata: { name, namespace, creationTimestamp }, ...seen, containers: own };
};

/** Whole seconds as Go writes a duration. */
const windowText = (seconds: number) =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;

const inSeconds = (milliseconds: number) => goTime(nanoseconds(Math.floor(milliseconds / 1000) * 1000));

const usageOf = ({ values }: MetricSet) => {
  const cpu = values.get("cpu/usage_rate")?.value;
  const memory = values.get("memory/working_set")?.value;
  if (cpu === undefined || memory === undefined) return undefined;
  return {
    cpu: writeQuantity(BigInt(cpu), "decimal"),
    memory: writeQuantity(BigInt(memory) * 1000n, "binary"),
  };
};

/** The object's own labels, out of the joined text and of those that were copied to labels of their own (spec A3.2). */
const ownLabels = (labels: Readonly<Labels>, { separator, stored }: LabelSettings): Labels => {
  const pairs = (labels[label.labels] ?? "").split(separator).map((pair) => {
    const colon = pair.indexOf(":");
    return [pair.slice(0, colon), pair.slice(colon + 1)];
  });
  const copied = [...stored].flatMap(([from, to]) => {
    const value = labels[to];
    return value === undefined ? [] : [[from, value]];
  });
  return Object.fromEntries([...pairs, ...copied]);
};

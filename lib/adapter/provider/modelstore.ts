import { byBytes } from "../../config/go-text.ts";
import type { DataBatch, MetricSet } from "../../metrics/batch.ts";
import { namespaceKey, nodeKey, podKey } from "../../metrics/key.ts";
import { entityTypes, label } from "../../metrics/labels.ts";
import { type CustomMetric, Unbuildable, UnknownMetric } from "../registry/registry.ts";
import type { Provider, Usage } from "./provider.ts";

export interface ModelStoreParts {
  /** The newest batch of the cluster's metrics; undefined when there is none that is young enough. */
  readonly latest: () => Promise<DataBatch | undefined>;
  /** Milliseconds between batches, over which rates are. */
  readonly resolution: number;
}

/**
 * Metrics out of the model store, for a cluster without a Prometheus: resource metrics, and as custom metrics of pods, nodes and namespaces
 * what the model knows of them (§A3.1) by its name with `_` for `/`, an application's own metrics by their own names.
 */
export const createModelStoreProvider = ({ latest, resolution }: ModelStoreParts): Provider => ({
  catalogue: async () => ({ custom: listed(await latest()), external: undefined, resources: true }),
  custom: async ({ group, resource, metric, namespace, names, selector }) => {
    const batch = await latest();
    const kind = group === "" ? kinds.find((one) => one.resource === resource) : undefined;
    const isKnown = listed(batch).some(
      (one) => one.resource === resource && one.group === group && one.metric === metric,
    );
    if (kind === undefined || !isKnown)
      throw new UnknownMetric(`the model has no metric ${metric} of ${resource}`);
    if (selector.length > 0)
      throw new Unbuildable("metrics of the model have no labels that a metricLabelSelector could ask for");
    const values = names.flatMap((name) => {
      const found = valueIn(batch?.sets.get(kind.key(namespace ?? "", name)), metric);
      return found === undefined ? [] : [[name, found] as const];
    });
    return new Map(values);
  },
  external: async ({ metric }) => {
    throw new UnknownMetric(`the model has no external metric ${metric}`);
  },
  pods: async (pods) => {
    const batch = await latest();
    if (batch === undefined) return [];
    const containers = containersOf(batch);
    return pods.flatMap(({ namespace, name }) => {
      const own = (containers.get(podKey(namespace, name)) ?? []).flatMap((set) => {
        const usage = usageOf(set);
        return usage === undefined ? [] : { name: set.labels[label.containerName] ?? "", ...usage };
      });
      if (own.length === 0) return [];
      return {
        namespace,
        name,
        at: batch.timestamp / 1000,
        window: resolution,
        containers: own.sort(byName),
      };
    });
  },
  nodes: async (names) => {
    const batch = await latest();
    return names.flatMap((name) => {
      const set = batch?.sets.get(nodeKey(name));
      const usage = set && usageOf(set);
      return batch === undefined || usage === undefined
        ? []
        : { name, at: batch.timestamp / 1000, window: resolution, usage };
    });
  },
});

interface Kind {
  readonly resource: string;
  readonly type: string;
  readonly namespaced: boolean;
  readonly key: (namespace: string, name: string) => string;
}

const kinds: readonly Kind[] = [
  {
    resource: "namespaces",
    type: entityTypes.namespace,
    namespaced: false,
    key: (_, name) => namespaceKey(name),
  },
  { resource: "nodes", type: entityTypes.node, namespaced: false, key: (_, name) => nodeKey(name) },
  { resource: "pods", type: entityTypes.pod, namespaced: true, key: podKey },
];

const catalogues = new WeakMap<DataBatch, readonly CustomMetric[]>();

/** A batch never changes. */
const listed = (batch: DataBatch | undefined): readonly CustomMetric[] => {
  if (batch === undefined) return [];
  const known = catalogues.get(batch) ?? listOf(batch);
  catalogues.set(batch, known);
  return known;
};

/** Counters since the start of something tell an HPA nothing. */
const listOf = (batch: DataBatch): CustomMetric[] =>
  kinds.flatMap(({ resource, type, namespaced }) => {
    const sets = [...batch.sets.values()].filter(({ labels }) => labels[label.type] === type);
    const names = sets.flatMap(({ values }) =>
      [...values].flatMap(([name, value]) => (value.type === "gauge" ? nameOf(name) : [])),
    );
    return [...new Set(names)].sort(byBytes).map((metric) => ({ group: "", resource, namespaced, metric }));
  });

const nameOf = (name: string) => (name.startsWith(own) ? name.slice(own.length) : name.replaceAll("/", "_"));

/** What applications measure themselves is kept under this (spec A2). */
const own = "custom/";

const valueIn = (set: MetricSet | undefined, metric: string): number | undefined => {
  const custom = set?.values.get(`${own}${metric}`);
  if (custom?.type === "gauge") return Number(custom.value);
  for (const [name, value] of set?.values ?? [])
    if (value.type === "gauge" && nameOf(name) === metric) return Number(value.value);
  return undefined;
};

/** Undefined when it was not measured, as the first cycle of a container is not: a rate needs two. */
const usageOf = ({ values }: MetricSet): Usage | undefined => {
  const cpu = values.get("cpu/usage_rate")?.value;
  const memory = values.get("memory/working_set")?.value;
  if (cpu === undefined || memory === undefined) return undefined;
  // A counter that fell without a new start gives a negative rate (spec A4); B8 takes it for none.
  return { cpu: Math.max(0, Number(cpu)) / 1000, memory: Math.max(0, Number(memory)) };
};

const containersOf = (batch: DataBatch): ReadonlyMap<string, MetricSet[]> => {
  const sets = [...batch.sets.values()].filter(
    ({ labels }) => labels[label.type] === entityTypes.podContainer,
  );
  return Map.groupBy(sets, ({ labels }) =>
    podKey(labels[label.namespaceName] ?? "", labels[label.podName] ?? ""),
  );
};

const byName = (a: { readonly name: string }, b: { readonly name: string }) => byBytes(a.name, b.name);

import type { DataBatch, Labels, MetricSet } from "../metrics/batch.ts";
import { entityTypes, label } from "../metrics/labels.ts";
import { longMetrics, type MetricStore } from "../metrics/store/store.ts";
import { nanoseconds } from "../metrics/time.ts";
import type { Range } from "./query.ts";
import { type Entity, keyOf, type List } from "./question.ts";
import type { Point } from "./shape.ts";
import type { ModelSource, Wanted } from "./source.ts";

/** The model out of what the metric sink keeps (spec A7): lists from the newest batch, values from all that are alive. */
export const createLiveSource = (store: MetricStore, cluster: string): ModelSource => ({
  list: async (list) => {
    const labels = await store.labels(cluster);
    return labels === undefined ? [] : listed(labels, list);
  },
  names: async (entity) => {
    const keys = keysOf([entity]);
    const batches = await store.short(cluster, keys);
    const names = batches.flatMap(({ sets }) => [...sets.values()].flatMap((set) => [...set.values.keys()]));
    return [...new Set(names)].sort();
  },
  values: async (wanted) => {
    const { entities, metric, labels } = wanted;
    const keys = keysOf(entities);
    const isLong = labels === undefined && longMetrics.includes(metric);
    const batches = await (isLong ? store.long(cluster, keys) : store.short(cluster, keys));
    const within = batches.filter(({ timestamp }) => isWithin(nanoseconds(timestamp), wanted.range));
    return entities.map((entity) => pointsOf(entity, within, wanted));
  },
});

const keysOf = (entities: readonly Entity[]): string[] => entities.flatMap((entity) => keyOf(entity) ?? []);

const isWithin = (time: bigint, { start, end }: Range) => time >= start && time <= end;

const pointsOf = (entity: Entity, batches: readonly DataBatch[], wanted: Wanted): Point[] => {
  const key = keyOf(entity);
  return batches.flatMap(({ timestamp, sets }): Point[] => {
    const set = key === undefined ? undefined : sets.get(key);
    const found = set && valueIn(set, wanted);
    return found === undefined ? [] : [{ time: nanoseconds(timestamp), value: found.value }];
  });
};

const valueIn = (set: MetricSet, { metric, labels }: Wanted) =>
  labels === undefined
    ? set.values.get(metric)
    : set.labeled.find((one) => one.name === metric && isEqual(one.labels, labels));

const isEqual = (a: Readonly<Labels>, b: Labels) =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(b).every(([name, value]) => Object.hasOwn(a, name) && a[name] === value);

const listed = (sets: ReadonlyMap<string, Readonly<Labels>>, list: List): string[] => {
  if (list.of === "keys") return [...sets.keys()].sort();
  const { type, name, below } = listsOf(list);
  const found = [...sets.values()]
    .filter((labels) => labels[label.type] === type)
    .filter((labels) => Object.entries(below).every(([of, value]) => labels[of] === value))
    .flatMap((labels) => labels[name] ?? []);
  return [...new Set(found)].sort();
};

/** Nodes go by their hostname here, and system containers by that of their node: upstream's way, which its users know. */
const listsOf = (list: List): ListRule => {
  switch (list.of) {
    case "nodes":
      return { type: entityTypes.node, name: label.hostname, below: {} };
    case "pods":
      return {
        type: entityTypes.pod,
        name: label.podName,
        below: { [label.namespaceName]: list.namespace },
      };
    case "containers":
      return {
        type: entityTypes.podContainer,
        name: label.containerName,
        below: { [label.namespaceName]: list.namespace, [label.podName]: list.pod },
      };
    case "systemContainers":
      return {
        type: entityTypes.systemContainer,
        name: label.containerName,
        below: { [label.hostname]: list.node },
      };
    default:
      return { type: entityTypes.namespace, name: label.namespaceName, below: {} };
  }
};

interface ListRule {
  readonly type: string;
  /** The label that is listed. */
  readonly name: string;
  /** What its set's labels must be. */
  readonly below: Labels;
}

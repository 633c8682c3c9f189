import { emptySet, type Labels, type MetricSet, valueTypeOf } from "../batch.ts";
import { standardMetrics } from "../catalogue.ts";
import { podKey } from "../key.ts";
import { entityTypes, label } from "../labels.ts";
import type { Processor } from "../processor.ts";
import { sum } from "./aggregate.ts";

/** Told of a metric that a pod's containers have in different types. */
export type Mismatch = (pod: string, metric: string) => void;

/**
 * A pod's metrics out of its containers' (spec A4, processor 4). What the pod had by itself wins and is left alone; counters are not summed,
 * nor are labelled metrics.
 */
export const createPodAggregator = (mismatch: Mismatch): Processor => ({
  name: "pod aggregator",
  process: ({ sets }) => {
    const summed = new Map<MetricSet, Set<string>>();
    for (const container of [...sets.values()].filter(
      ({ labels }) => labels[label.type] === entityTypes.podContainer,
    )) {
      const { [label.podName]: name, [label.namespaceName]: namespace } = container.labels;
      if (name === undefined || namespace === undefined) continue;
      const key = podKey(namespace, name);
      const pod = sets.get(key) ?? emptySet(podLabels(container.labels));
      sets.set(key, pod);
      const own = summed.get(pod) ?? new Set();
      summed.set(pod, own);
      for (const metric of addContainer(pod, container, own)) mismatch(key, metric);
    }
  },
});

const skipped: ReadonlySet<string> = new Set(
  standardMetrics.filter(({ type }) => type !== "gauge").map(({ name }) => name),
);

/** Gives the metrics whose types do not fit. `summed` are those that the pod lacked when the first container with them came. */
const addContainer = (pod: MetricSet, container: MetricSet, summed: Set<string>): string[] => {
  const unfit: string[] = [];
  for (const [name, value] of container.values) {
    if (skipped.has(name)) continue;
    const held = pod.values.get(name);
    if (held === undefined) {
      summed.add(name);
      pod.values.set(name, value);
    } else if (summed.has(name)) {
      if (valueTypeOf(held) === valueTypeOf(value)) pod.values.set(name, sum(held, value));
      else unfit.push(name);
    }
  }
  return unfit;
};

/** As upstream, without the node's name. */
const podLabels = (container: Labels): Labels => {
  const labels: Labels = { [label.type]: entityTypes.pod };
  for (const name of inherited) {
    const value = container[name];
    if (value !== undefined) labels[name] = value;
  }
  return labels;
};

const inherited = [
  label.podId,
  label.podName,
  label.namespaceName,
  label.namespaceId,
  label.hostname,
  label.hostId,
];

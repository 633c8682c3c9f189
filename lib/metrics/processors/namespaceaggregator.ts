import { emptySet } from "../batch.ts";
import { namespaceKey } from "../key.ts";
import { entityTypes, label } from "../labels.ts";
import type { Processor } from "../processor.ts";
import { aggregate } from "./aggregate.ts";

/** What namespaces, and the cluster, have metrics of. */
export const namespaceMetrics = [
  "cpu/usage_rate",
  "memory/usage",
  "cpu/request",
  "cpu/limit",
  "memory/request",
  "memory/limit",
];

/** A namespace's metrics out of its pods' (spec A4, processor 5). */
export const createNamespaceAggregator = (): Processor => ({
  name: "namespace aggregator",
  process: ({ sets }) => {
    for (const pod of [...sets.values()].filter(({ labels }) => labels[label.type] === entityTypes.pod)) {
      const namespace = pod.labels[label.namespaceName];
      if (namespace === undefined) continue;
      const key = namespaceKey(namespace);
      const target =
        sets.get(key) ??
        emptySet({
          [label.type]: entityTypes.namespace,
          [label.namespaceName]: namespace,
          [label.namespaceId]: pod.labels[label.namespaceId] ?? "",
        });
      sets.set(key, target);
      aggregate(pod, target, namespaceMetrics);
    }
  },
});

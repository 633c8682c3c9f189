import { emptySet } from "../batch.ts";
import { clusterKey } from "../key.ts";
import { entityTypes, label } from "../labels.ts";
import type { Processor } from "../processor.ts";
import { aggregate } from "./aggregate.ts";
import { namespaceMetrics } from "./namespaceaggregator.ts";

/** The cluster's metrics out of its namespaces' (spec A4, processor 7); there is a set for it in every batch. */
export const createClusterAggregator = (): Processor => ({
  name: "cluster aggregator",
  process: ({ sets }) => {
    const cluster = emptySet({ [label.type]: entityTypes.cluster });
    for (const set of sets.values())
      if (set.labels[label.type] === entityTypes.namespace) aggregate(set, cluster, namespaceMetrics);
    sets.set(clusterKey, cluster);
  },
});

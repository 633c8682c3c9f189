import { additionalMetrics } from "../catalogue.ts";
import { nodeKey } from "../key.ts";
import { entityTypes, label } from "../labels.ts";
import type { Processor } from "../processor.ts";
import { aggregate } from "./aggregate.ts";

const requested = additionalMetrics.map(({ name }) => name);

/** What the pods of a node ask for (spec A4, processor 6); a node without a set of its own gets none. */
export const createNodeAggregator = (): Processor => ({
  name: "node aggregator",
  process: ({ sets }) => {
    for (const pod of sets.values()) {
      const node = pod.labels[label.type] === entityTypes.pod ? pod.labels[label.nodename] : undefined;
      const target = node ? sets.get(nodeKey(node)) : undefined;
      if (target !== undefined) aggregate(pod, target, requested);
    }
  },
});

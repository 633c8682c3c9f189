import type { Clock } from "../clock.ts";
import type { LabelSettings } from "../config/metrics/settings.ts";
import type { Log } from "../log.ts";
import type { DataBatch } from "./batch.ts";
import type { ClusterLook } from "./cluster/look.ts";
import type { Processor } from "./processor.ts";
import { createClusterAggregator } from "./processors/clusteraggregator.ts";
import { createLabelCopier } from "./processors/labelcopier.ts";
import { createNamespaceAggregator } from "./processors/namespaceaggregator.ts";
import { createNamespaceEnricher } from "./processors/namespaceenricher.ts";
import { createNodeAggregator } from "./processors/nodeaggregator.ts";
import { createNodeAutoscaling } from "./processors/nodeautoscaling.ts";
import { createPodAggregator } from "./processors/podaggregator.ts";
import { createPodEnricher } from "./processors/podenricher.ts";
import { createRateCalculator, type Previous } from "./processors/rate.ts";

export interface ProcessParts {
  /** The counters of the previous batch. */
  readonly previous: Previous | undefined;
  readonly look: ClusterLook;
  readonly labels: LabelSettings;
  readonly log: Log;
}

/** All processors in their order (spec A4), each of which counts on those before it. */
export const processorsOf = ({ previous, look, labels, log }: ProcessParts): Processor[] => {
  const copyLabels = createLabelCopier(labels);
  const { nodes, pods, namespaces } = look;
  return [
    createRateCalculator(previous),
    createPodEnricher({ pods, copyLabels }),
    createNamespaceEnricher(namespaces, (unknown) =>
      log.warn("metrics of namespaces that the API server does not know", {
        namespaces: unknown.slice(0, mostTold),
        count: unknown.length,
      }),
    ),
    createPodAggregator((pod, metric) =>
      log.debug("containers of a pod differ in a metric's type", { pod, metric }),
    ),
    createNamespaceAggregator(),
    createNodeAggregator(),
    createClusterAggregator(),
    createNodeAutoscaling({ nodes, copyLabels }),
  ];
};

/** Names in a line of the log. */
const mostTold = 20;

/** Runs them over the batch; gives the milliseconds that each took. Throws what one of them throws, with its name. */
export const runProcessors = (
  batch: DataBatch,
  processors: readonly Processor[],
  clock: Pick<Clock, "now">,
): Record<string, number> => {
  const took: Record<string, number> = {};
  for (const { name, process } of processors) {
    const began = clock.now();
    try {
      process(batch);
    } catch (cause) {
      throw new Error(`the ${name} failed`, { cause });
    }
    took[name] = clock.now() - began;
  }
  return took;
};

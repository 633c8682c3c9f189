import type { Bus } from "../../../bus/bus.ts";
import { type MetricsBatchReady, metricsBatchReady } from "../../../targetgroup/event.ts";
import type { DataBatch } from "../../batch.ts";
import { clusterKey } from "../../key.ts";
import { entityTypes, label } from "../../labels.ts";
import type { Sink } from "../../sink.ts";

/** Says on our own bus that a batch is there, with the cluster's sums; whoever wants the rest asks the model, or another sink's store. */
export const createEventBridgeSink = (name: string, bus: Bus): Sink => ({
  name,
  export: (batch) => bus.put([{ detailType: metricsBatchReady, detail: readyOf(batch) }]),
});

const readyOf = ({ cluster, timestamp, sets }: DataBatch): MetricsBatchReady => {
  const counts = Object.fromEntries(Object.values(entityTypes).map((type) => [type, 0]));
  for (const { labels } of sets.values()) {
    const type = labels[label.type] ?? "";
    if (counts[type] !== undefined) counts[type] += 1;
  }
  const totals = [...(sets.get(clusterKey)?.values ?? [])].map(([name, { value }]) => [name, Number(value)]);
  return {
    schema: 1,
    cluster,
    timestamp: new Date(timestamp).toISOString(),
    sets: counts,
    totals: Object.fromEntries(totals),
  };
};

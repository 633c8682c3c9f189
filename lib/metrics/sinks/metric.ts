import type { Sink } from "../sink.ts";
import type { MetricStore } from "../store/store.ts";

/** Where the model API reads (spec A7). */
export const createMetricSink = (name: string, store: MetricStore): Sink => ({
  name,
  export: (batch) => store.append(batch),
});

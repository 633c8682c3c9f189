import type { Sink } from "../sink.ts";
import { livesAt, type MetricStore } from "../store/store.ts";

/** Where the model API reads (spec A7). `resolution` is in milliseconds. */
export const createMetricSink = (
  name: string,
  { store, resolution }: { store: MetricStore; resolution: number },
): Sink => {
  const lives = livesAt(resolution);
  return { name, export: (batch) => store.append(batch, lives) };
};

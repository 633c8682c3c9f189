import type { MetricsSettings } from "../../config/metrics/settings.ts";
import type { TransportOptions } from "../../http/client.ts";
import { createInfluxClient } from "../../metrics/sinks/influxdb/client.ts";
import type { Asked } from "../clusters.ts";
import { createInfluxSource, type HistoricalSource } from "./influxdb.ts";

/** The historical source of the settings, kept with its connections as long as they are. */
export const createHistoricalOf = (http: TransportOptions) => {
  const kept = new WeakMap<MetricsSettings, Map<string, HistoricalSource>>();
  return ({ metrics, collection }: Asked): HistoricalSource | undefined => {
    const settings = metrics.historicalSource;
    if (settings === undefined) return undefined;
    const sources = kept.get(metrics) ?? new Map<string, HistoricalSource>();
    kept.set(metrics, sources);
    // As the sink tags its points.
    const clusterName = settings.clusterName ?? collection.clusterName ?? "default";
    const tenant = { withFields: settings.withFields, clusterName };
    const source = sources.get(clusterName) ?? createInfluxSource(createInfluxClient(settings, http), tenant);
    sources.set(clusterName, source);
    return source;
  };
};

import type { Bus } from "../../bus/bus.ts";
import type { MetricsSettings, SinkSettings } from "../../config/metrics/settings.ts";
import type { TransportOptions } from "../../http/client.ts";
import type { Collection } from "../plan.ts";
import type { Sink } from "../sink.ts";
import type { MetricStore } from "../store/store.ts";
import { createEventBridgeSink } from "./eventbridge/sink.ts";
import { createInfluxSink } from "./influxdb/sink.ts";
import { createLogSink } from "./log.ts";
import { createMetricSink } from "./metric.ts";

export interface SinkParts {
  readonly store: MetricStore;
  /** For the sink that speaks on our own bus. */
  readonly bus: Bus;
  /** For sinks that are asked over HTTP. */
  readonly http: TransportOptions;
}

/** The sinks for the batches of a collection, in the settings' order; kept as long as the settings are, with their connections. */
export const createSinks = (
  parts: SinkParts,
): ((metrics: MetricsSettings, collection: Collection) => readonly Sink[]) => {
  const kept = new WeakMap<MetricsSettings, Map<string, readonly Sink[]>>();
  return (metrics, collection) => {
    const made = kept.get(metrics) ?? new Map<string, readonly Sink[]>();
    kept.set(metrics, made);
    const sinks = made.get(collection.cluster) ?? sinksFor(metrics, collection, parts);
    made.set(collection.cluster, sinks);
    return sinks;
  };
};

/** Named by their kind; the second of a kind is `influxdb-2`. */
const sinksFor = (
  { sinks, resolution }: MetricsSettings,
  collection: Collection,
  parts: SinkParts,
): Sink[] => {
  const seen = new Map<string, number>();
  return sinks.map((one) => {
    const count = (seen.get(one.kind) ?? 0) + 1;
    seen.set(one.kind, count);
    const name = count === 1 ? one.kind : `${one.kind}-${count}`;
    return sinkFor(one, { ...parts, name, collection, resolution });
  });
};

const sinkFor = (
  settings: SinkSettings,
  parts: SinkParts & { name: string; collection: Collection; resolution: number },
): Sink => {
  const { name, store, bus, http, collection, resolution } = parts;
  const named = { name, clusterName: collection.clusterName, http };
  switch (settings.kind) {
    case "log":
      return createLogSink(name);
    case "metric":
      return createMetricSink(name, { store, resolution });
    case "influxdb":
      return createInfluxSink(settings, named);
    case "eventbridge":
      return createEventBridgeSink(name, bus);
    default:
      return lateSink(name, () => loadSink(settings, named));
  }
};

type LoadedSettings = Exclude<SinkSettings, { kind: "log" | "metric" | "influxdb" | "eventbridge" }>;

/** Client libraries are loaded when the first batch comes for them: who has no such sink starts without. */
const lateSink = (name: string, load: () => Promise<Sink>): Sink => {
  let loaded: Promise<Sink> | undefined;
  return {
    name,
    export: async (batch, signal) => {
      loaded ??= load();
      await (await loaded).export(batch, signal);
    },
  };
};

const loadSink = async (
  settings: LoadedSettings,
  parts: { readonly name: string; readonly clusterName: string | undefined; readonly http: TransportOptions },
): Promise<Sink> => {
  switch (settings.kind) {
    case "prometheus":
      return (await import("./remotewrite/sink.ts")).createRemoteWriteSink(settings, parts);
    case "kafka":
      return (await import("./kafka/sink.ts")).createKafkaSink(settings, parts);
    case "opentsdb":
      return (await import("./opentsdb/sink.ts")).createOpenTsdbSink(settings, parts);
    case "elasticsearch":
      return (await import("./elasticsearch/sink.ts")).createElasticsearchSink(settings, parts);
  }
};

import { Refusal, type Type } from "../decode.ts";
import { duration } from "../durations.ts";
import type { PlaceOf } from "../struct.ts";
import { fieldsOf, struct } from "../struct.ts";
import { boolean, listOf, refined, text } from "../types.ts";
import { labelSettings } from "./labels.ts";
import {
  type HistoricalSettings,
  type MetricsSettings,
  type SinkSettings,
  shortestResolution,
} from "./settings.ts";
import { sinkOf } from "./sink.ts";
import { sourceOf } from "./source.ts";
import { type MetricUri, metricUri } from "./uri.ts";

/** `metrics` of the settings (design §3.7), with those of Heapster's flags that the field has a use for (spec A1). */
export const metricsBlock = (folder: string): Type<MetricsSettings | undefined> =>
  struct<MetricsSettings | undefined>({
    name: "settings.metrics",
    zero: undefined,
    begin: (decoder) => {
      const field = fieldsOf(decoder);
      const one: Written = { ...nothing };
      return {
        fields: {
          resolution: field(resolution, (value) => (one.resolution = value)),
          sources: field(listOf("list of sources", metricUri), (value) => (one.sources = value ?? [])),
          sinks: field(listOf("list of sinks", metricUri), (value) => (one.sinks = value ?? [])),
          historical_source: field(metricUri, (value) => (one.historical = value)),
          sink_export_data_timeout: field(timeout, (value) => (one.sinkTimeout = value)),
          disable_metric_sink: field(boolean, (value) => (one.withoutMetricSink = value)),
          disable_export: field(boolean, (value) => (one.withoutExport = value)),
          label_separator: field(text, (value) => (one.separator = value)),
          ignore_label: field(listOf("list of labels", text), (value) => (one.ignored = value ?? [])),
          store_label: field(listOf("list of labels", text), (value) => (one.stored = value ?? [])),
        },
        finish: (at) => built(one, folder, at),
      };
    },
  });

interface Written {
  resolution: number;
  sources: readonly MetricUri[];
  sinks: readonly MetricUri[];
  historical: MetricUri | undefined;
  sinkTimeout: number;
  withoutMetricSink: boolean;
  withoutExport: boolean;
  separator: string;
  ignored: readonly string[];
  stored: readonly string[];
}

const minute = 60_000;

const nothing: Written = {
  resolution: minute,
  sources: [],
  sinks: [],
  historical: undefined,
  sinkTimeout: 20_000,
  withoutMetricSink: false,
  withoutExport: false,
  separator: ",",
  ignored: [],
  stored: [],
};

/** Below a minute it is for the local run, whose schedule is as quick; in the cloud that is refused (`../cloud.ts`). */
const resolution = refined(duration, minute, (milliseconds, place) => {
  const unit = milliseconds < minute ? 1000 : minute;
  if (milliseconds >= shortestResolution && milliseconds <= 15 * minute && milliseconds % unit === 0)
    return milliseconds;
  throw new Refusal(
    place,
    "resolution must be whole seconds from 5s to 59s, or whole minutes from 1m to 15m",
  );
});

const timeout = refined(duration, nothing.sinkTimeout, (milliseconds, place) => {
  if (milliseconds >= 1000 && milliseconds <= minute) return milliseconds;
  throw new Refusal(place, "sink_export_data_timeout must be between 1s and 60s");
});

const built = (one: Written, folder: string, at: PlaceOf): MetricsSettings => {
  if (one.sources.length === 0)
    throw new Refusal(at("sources"), 'metrics needs sources, such as ["kubernetes.summary_api:"]');
  refuseRepeated(one.sources);
  refuseRepeated(one.sinks);
  const sinks = one.sinks.map((uri) => sinkOf(uri, folder));
  const historicalSource = one.historical && historicalOf(one.historical, one.sinks, sinks);
  const own = one.withoutMetricSink || sinks.some(({ kind }) => kind === "metric");
  return {
    resolution: one.resolution,
    sources: one.sources.map((uri) => sourceOf(uri, folder)),
    sinks: own ? sinks : [...sinks, { kind: "metric" }],
    ...(historicalSource && { historicalSource }),
    sinkTimeout: one.sinkTimeout,
    exports: !one.withoutExport,
    labels: labelSettings(one, at),
  };
};

const refuseRepeated = (uris: readonly MetricUri[]): void => {
  const again = uris.find(({ text }, index) => uris.findIndex((other) => other.text === text) < index);
  if (again !== undefined) throw new Refusal(again.place, `this ${again.key} is written twice`);
};

const historicalOf = (
  { key, text, place }: MetricUri,
  uris: readonly MetricUri[],
  sinks: readonly SinkSettings[],
): HistoricalSettings => {
  const found = sinks[uris.findIndex((uri) => uri.text === text)];
  if (found?.kind === "influxdb") return found;
  throw new Refusal(
    place,
    found === undefined
      ? "historical_source must be written exactly as one of sinks"
      : `historical_source: a ${key} sink cannot tell of the past, only influxdb can`,
  );
};

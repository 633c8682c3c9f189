import { Refusal } from "../decode.ts";
import { elasticsearchOf } from "./elasticsearch.ts";
import { influxdbOf } from "./influxdb.ts";
import { kafkaOf } from "./kafka.ts";
import { opentsdbOf } from "./opentsdb.ts";
import { optionsOf } from "./options.ts";
import { remoteWriteOf } from "./remotewrite.ts";
import type { SinkSettings } from "./settings.ts";
import type { MetricUri } from "./uri.ts";

/**
 * An entry of `metrics.sinks`; `folder` is that of the settings file. A new sink is a line here, its settings, and a line where sinks are made
 * (`lib/metrics/sinks/sinks.ts`).
 */
export const sinkOf = (uri: MetricUri, folder: string): SinkSettings => {
  const read = Object.hasOwn(kinds, uri.key) ? kinds[uri.key] : undefined;
  if (read !== undefined) return read(uri, folder);
  const known = Object.keys(kinds).sort().join(", ");
  const what = leftOut.has(uri.key) ? "is one of Heapster's that Rollcall does not have" : "is not known";
  throw new Refusal(uri.place, `sink ${JSON.stringify(uri.key)} ${what}; there are ${known}`);
};

const kinds: Readonly<Record<string, (uri: MetricUri, folder: string) => SinkSettings>> = {
  elasticsearch: elasticsearchOf,
  eventbridge: (uri) => withoutOptions(uri, { kind: "eventbridge" }),
  influxdb: influxdbOf,
  kafka: kafkaOf,
  log: (uri) => withoutOptions(uri, { kind: "log" }),
  metric: (uri) => withoutOptions(uri, { kind: "metric" }),
  opentsdb: opentsdbOf,
  prometheus: remoteWriteOf,
};

/** Upstream's others (spec A9); why is in docs/heapster-differences.md. */
const leftOut: ReadonlySet<string> = new Set([
  "gcm",
  "stackdriver",
  "hawkular",
  "riemann",
  "graphite",
  "statsd",
  "librato",
  "wavefront",
  "honeycomb",
]);

const withoutOptions = (uri: MetricUri, settings: SinkSettings): SinkSettings => {
  optionsOf(uri).finish();
  return settings;
};

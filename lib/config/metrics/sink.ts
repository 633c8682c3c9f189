import { Refusal } from "../decode.ts";
import { influxdbOf } from "./influxdb.ts";
import { optionsOf } from "./options.ts";
import type { SinkSettings } from "./settings.ts";
import type { MetricUri } from "./uri.ts";

/** An entry of `metrics.sinks`. A new sink is a line here, its settings, and a line where sinks are made (`lib/metrics/sinks/sinks.ts`). */
export const sinkOf = (uri: MetricUri): SinkSettings => {
  const read = Object.hasOwn(kinds, uri.key) ? kinds[uri.key] : undefined;
  if (read !== undefined) return read(uri);
  const known = Object.keys(kinds).sort().join(", ");
  throw new Refusal(uri.place, `sink ${JSON.stringify(uri.key)} is not known; there are ${known}`);
};

const kinds: Readonly<Record<string, (uri: MetricUri) => SinkSettings>> = {
  influxdb: influxdbOf,
  log: (uri) => withoutOptions(uri, { kind: "log" }),
  metric: (uri) => withoutOptions(uri, { kind: "metric" }),
};

const withoutOptions = (uri: MetricUri, settings: SinkSettings): SinkSettings => {
  optionsOf(uri).finish();
  return settings;
};

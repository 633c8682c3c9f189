import type { MetricSet } from "../../batch.ts";
import { label } from "../../labels.ts";
import { type Point, pointsOf } from "../point.ts";

export interface SeriesOptions {
  /** Before each metric's name. */
  readonly prefix: string;
  readonly clusterName: string;
}

/** A sample's series: pairs in the order of their names, `__name__` among them, each name once. */
export interface Series {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

/**
 * The series of a set. Metric and label names are Heapster's, with `_` for whatever Prometheus does not allow in one, and units are its own;
 * `cluster` says whose they are. Identifiers are left out as InfluxDB's tags do (spec A8): names identify, and each new pod would have two series.
 */
export function* seriesOf(set: MetricSet, options: SeriesOptions): Generator<Series> {
  const seen = new Set<string>();
  for (const point of pointsOf(set)) {
    const labels = labelsOf(point, options);
    const identity = JSON.stringify(labels);
    // Two names that Prometheus cannot tell apart would have it refuse the whole request.
    if (seen.has(identity)) continue;
    seen.add(identity);
    yield { labels, value: Number(point.value.value) };
  }
}

const labelsOf = ({ name, labels }: Point, { prefix, clusterName }: SeriesOptions): [string, string][] => {
  const named = new Map<string, string>();
  for (const [key, value] of Object.entries(labels)) {
    const clean = labelName(key);
    if (value !== "" && !leftOut.has(key) && !named.has(clean)) named.set(clean, value);
  }
  named.set("cluster", clusterName);
  named.set("__name__", metricName(`${prefix}${name}`));
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1));
};

const leftOut: ReadonlySet<string> = new Set([label.namespaceId, label.podId, label.hostname, label.hostId]);

const metricName = (name: string) => name.replace(/[^a-zA-Z0-9_:]/g, "_").replace(/^(?=\d)/, "_");

/** Names that begin with two underscores are Prometheus's own. */
const labelName = (name: string) =>
  name
    .replace(/[^a-zA-Z0-9_]/g, "_")
    .replace(/^__+/, "_")
    .replace(/^(?=\d)/, "_");

import type { DataBatch, LabeledMetric, Labels, MetricSet, MetricValue } from "../../batch.ts";
import { rateOf } from "../../catalogue.ts";
import { label } from "../../labels.ts";
import { nanoseconds } from "../../time.ts";

export interface LineOptions {
  /** `network/rx` is the field `rx` of the measurement `network`; else the measurement `network/rx` with the field `value`. */
  readonly withFields: boolean;
  readonly withoutCounters: boolean;
  readonly clusterName: string;
}

/** Values of one request. */
const mostValues = 10_000;

/** A batch in InfluxDB's line protocol (spec A8), in bodies of up to 10,000 values; none for a batch without values. */
export function* bodiesOf(batch: DataBatch, options: LineOptions): Generator<string> {
  const time = nanoseconds(batch.timestamp);
  let [lines, values]: [string[], number] = [[], 0];
  for (const set of batch.sets.values()) {
    for (const point of pointsOf(set, options)) {
      lines.push(`${point.series} ${point.fields.join(",")} ${time}`);
      values += point.fields.length;
      if (values < mostValues) continue;
      yield lines.join("\n");
      [lines, values] = [[], 0];
    }
  }
  if (lines.length > 0) yield lines.join("\n");
}

interface Point {
  /** Measurement and tags. */
  readonly series: string;
  readonly fields: string[];
}

/** Fields of one measurement with the same tags are one point. */
const pointsOf = (set: MetricSet, options: LineOptions): Iterable<Point> => {
  const points = new Map<string, Point>();
  const add = (tags: string, name: string, value: MetricValue) => {
    const field = fieldOf(value);
    if (field === undefined || (options.withoutCounters && rateOf.has(name))) return;
    const slash = options.withFields ? name.indexOf("/") : -1;
    const [measurement, key] = slash < 0 ? [name, "value"] : [name.slice(0, slash), name.slice(slash + 1)];
    const series = `${escaped(measurement, /[, ]/g)}${tags}`;
    const point = points.get(series) ?? { series, fields: [] };
    points.set(series, point);
    point.fields.push(`${escaped(key, /[,= ]/g)}=${field}`);
  };
  const own = tagsOf(set.labels, options);
  for (const [name, value] of set.values) add(own, name, value);
  for (const metric of set.labeled) add(labeledTags(set, metric, options), metric.name, metric);
  return points.values();
};

const labeledTags = ({ labels }: MetricSet, metric: LabeledMetric, options: LineOptions): string =>
  tagsOf({ ...labels, ...metric.labels }, options);

/** Tags that Heapster leaves out: each pod and host makes series enough by its name. */
const leftOut: ReadonlySet<string> = new Set([label.namespaceId, label.podId, label.hostname, label.hostId]);

/** In order, as InfluxDB likes them best; one without a value is none. */
const tagsOf = (labels: Readonly<Labels>, { clusterName }: LineOptions): string =>
  Object.entries({ ...labels, cluster_name: clusterName })
    .filter(([name, value]) => value !== "" && !leftOut.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `,${escaped(name, /[,= ]/g)}=${escaped(value, /[,= ]/g)}`)
    .join("");

/** The protocol has no word for a line's end inside a name, nor for a backslash at the end of one. */
const escaped = (text: string, special: RegExp): string =>
  text
    .replace(/[\r\n]+/g, " ")
    .replace(/\\+$/, "")
    .replace(special, "\\$&");

/** Undefined for what InfluxDB cannot hold. */
const fieldOf = ({ value }: MetricValue): string | undefined => {
  if (typeof value === "bigint") return `${value}i`;
  return Number.isFinite(value) ? String(value) : undefined;
};

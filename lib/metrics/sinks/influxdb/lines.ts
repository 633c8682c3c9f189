import type { DataBatch, Labels, MetricSet, MetricValue } from "../../batch.ts";
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
  const time = String(nanoseconds(batch.timestamp));
  const placeOf = createPlaces(options);
  let [lines, values]: [string[], number] = [[], 0];
  for (const set of batch.sets.values()) {
    for (const { series, fields } of pointsOf(set, options, placeOf)) {
      lines.push(`${series} ${fields.join(",")} ${time}`);
      values += fields.length;
      if (values < mostValues) continue;
      yield lines.join("\n");
      [lines, values] = [[], 0];
    }
  }
  if (lines.length > 0) yield lines.join("\n");
}

/** Where a metric goes: its measurement and its field, as they are written. */
interface Place {
  readonly measurement: string;
  readonly field: string;
}

/** A batch has a few dozen metrics, each of them thousands of times. Undefined for one that is left out. */
const createPlaces = ({ withFields, withoutCounters }: LineOptions) => {
  const known = new Map<string, Place | undefined>();
  return (name: string): Place | undefined => {
    if (known.has(name)) return known.get(name);
    const slash = withFields ? name.indexOf("/") : -1;
    const [measurement, field] = slash < 0 ? [name, "value"] : [name.slice(0, slash), name.slice(slash + 1)];
    const place = { measurement: escaped(measurement, /[, ]/g), field: escaped(field, /[,= ]/g) };
    known.set(name, withoutCounters && rateOf.has(name) ? undefined : place);
    return known.get(name);
  };
};

interface Point {
  /** Measurement and tags. */
  readonly series: string;
  readonly fields: string[];
}

/** Fields of one measurement with the same tags are one point. */
const pointsOf = (
  set: MetricSet,
  options: LineOptions,
  placeOf: (name: string) => Place | undefined,
): Iterable<Point> => {
  const points: Point[] = [];
  // By tags, then by measurement: only families have several fields.
  const shared = new Map<string, Map<string, Point>>();
  const add = (tags: string, name: string, value: MetricValue) => {
    const field = fieldOf(value);
    const place = placeOf(name);
    if (field === undefined || place === undefined) return;
    const written = `${place.field}=${field}`;
    const own = options.withFields ? ownOf(shared, tags) : undefined;
    const held = own?.get(place.measurement);
    if (held !== undefined) return void held.fields.push(written);
    const point = { series: place.measurement + tags, fields: [written] };
    own?.set(place.measurement, point);
    points.push(point);
  };
  const own = tagsOf(set.labels, options);
  for (const [name, value] of set.values) add(own, name, value);
  const several = new Map<object, string>();
  for (const metric of set.labeled) {
    const tags = several.get(metric.labels) ?? tagsOf({ ...set.labels, ...metric.labels }, options);
    several.set(metric.labels, tags);
    add(tags, metric.name, metric);
  }
  return points;
};

const ownOf = (shared: Map<string, Map<string, Point>>, tags: string): Map<string, Point> => {
  const own = shared.get(tags) ?? new Map<string, Point>();
  shared.set(tags, own);
  return own;
};

/** Tags that Heapster leaves out: each pod and host makes series enough by its name. */
const leftOut: ReadonlySet<string> = new Set([label.namespaceId, label.podId, label.hostname, label.hostId]);

/** In order, as InfluxDB likes them best; one without a value is none. */
const tagsOf = (labels: Readonly<Labels>, { clusterName }: LineOptions): string => {
  const all: Readonly<Labels> = { ...labels, cluster_name: clusterName };
  let tags = "";
  for (const name of Object.keys(all).sort()) {
    const value = all[name] ?? "";
    if (value === "" || leftOut.has(name)) continue;
    tags += `,${escaped(name, /[,= ]/g)}=${escaped(value, /[,= ]/g)}`;
  }
  return tags;
};

/** The protocol has no word for a line's end inside a name, nor for a backslash at the end of one. */
const escaped = (text: string, special: RegExp): string =>
  /[\r\n\\,= ]/.test(text)
    ? text
        .replace(/[\r\n]+/g, " ")
        .replace(/\\+$/, "")
        .replace(special, "\\$&")
    : text;

/** Undefined for what InfluxDB cannot hold. */
const fieldOf = ({ value }: MetricValue): string | undefined => {
  if (typeof value === "bigint") return `${value}i`;
  return Number.isFinite(value) ? String(value) : undefined;
};

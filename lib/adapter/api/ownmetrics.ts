import { createExposition, expositionType, type Metric } from "../../status/exposition.ts";

/** What an adapter tells of itself at `/metrics`: of this process, since it began. */
export interface OwnMetrics {
  /** A document with values, and when (Unix milliseconds) it is handed out. */
  handedOut(group: string, document: object, now: number): void;
  readonly type: string;
  text(): string;
}

export const createOwnMetrics = (): OwnMetrics => {
  const groups = new Map<string, Ages>();
  return {
    handedOut: (group, document, now) => {
      const ages = groups.get(group) ?? { buckets: bounds.map(() => 0), sum: 0, count: 0 };
      groups.set(group, ages);
      // Thousands of pods are measured at a few times.
      for (const [timestamp, count] of timestampsIn(document))
        observe(ages, Math.max(0, (now - Date.parse(timestamp)) / 1000), count);
    },
    type: expositionType,
    text: () => written(groups),
  };
};

/** A histogram: how many were at most each of `bounds`. */
interface Ages {
  readonly buckets: number[];
  sum: number;
  count: number;
}

const observe = (ages: Ages, age: number, count: number): void => {
  for (const [at, le] of bounds.entries()) if (age <= le) ages.buckets[at]! += count;
  ages.sum += age * count;
  ages.count += count;
};

const written = (groups: ReadonlyMap<string, Ages>): string => {
  const exposition = createExposition();
  for (const [group, { buckets, sum, count }] of groups) {
    if (count === 0) continue;
    const bucket = (le: string, value: number) =>
      exposition.set(freshness, value, { labels: { group, le }, part: "_bucket" });
    for (const [at, le] of bounds.entries()) bucket(String(le), buckets[at] ?? 0);
    bucket("+Inf", count);
    exposition.set(freshness, sum, { labels: { group }, part: "_sum" });
    exposition.set(freshness, count, { labels: { group }, part: "_count" });
  }
  return exposition.text();
};

const freshness: Metric = {
  name: "metrics_apiserver_metric_freshness_seconds",
  type: "histogram",
  help: "Freshness of metrics exported",
};

/** Powers from one second to a quarter of an hour, as upstream's. */
const bounds = [
  1, 1.364, 1.861, 2.539, 3.463, 4.724, 6.444, 8.79, 11.991, 16.357, 22.312, 30.436, 41.518, 56.635, 77.256,
  105.385, 143.756, 196.098, 267.499, 364.897,
];

/** How many items each is of. */
const timestampsIn = (document: object): ReadonlyMap<string, number> => {
  const items = "items" in document && Array.isArray(document.items) ? document.items : [document];
  const counts = new Map<string, number>();
  for (const item of items) {
    const timestamp = timestampOf(item);
    if (timestamp !== undefined) counts.set(timestamp, (counts.get(timestamp) ?? 0) + 1);
  }
  return counts;
};

const timestampOf = (item: unknown): string | undefined =>
  typeof item === "object" && item !== null && "timestamp" in item && typeof item.timestamp === "string"
    ? item.timestamp
    : undefined;

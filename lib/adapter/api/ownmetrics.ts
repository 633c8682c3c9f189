import { createExposition, expositionType, type Metric } from "../../api/exposition.ts";

/** What an adapter tells of itself at `/metrics`: of this process, since it began. */
export interface OwnMetrics {
  /** A document with values, and when (Unix milliseconds) it is handed out. */
  handedOut(group: string, document: object, now: number): void;
  readonly type: string;
  text(): string;
}

export const createOwnMetrics = (): OwnMetrics => {
  const exposition = createExposition();
  return {
    handedOut: (group, document, now) => {
      for (const timestamp of timestampsIn(document)) {
        const age = Math.max(0, (now - Date.parse(timestamp)) / 1000);
        for (const le of bounds)
          exposition.add(freshness, Number(age <= le), {
            labels: { group, le: String(le) },
            part: "_bucket",
          });
        exposition.add(freshness, 1, { labels: { group, le: "+Inf" }, part: "_bucket" });
        exposition.add(freshness, age, { labels: { group }, part: "_sum" });
        exposition.add(freshness, 1, { labels: { group }, part: "_count" });
      }
    },
    type: expositionType,
    text: () => exposition.text(),
  };
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

const timestampsIn = (document: object): string[] => {
  if ("items" in document && Array.isArray(document.items)) return document.items.flatMap(timestampOf);
  return timestampOf(document);
};

const timestampOf = (item: unknown): string[] =>
  typeof item === "object" && item !== null && "timestamp" in item && typeof item.timestamp === "string"
    ? [item.timestamp]
    : [];

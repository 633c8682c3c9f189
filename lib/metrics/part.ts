import { type DataBatch, emptySet, type MetricSet, type MetricValue, noTime } from "./batch.ts";

/** What is kept of each set of a batch; a set of which nothing is kept is left out, unless all is. */
export interface Part {
  /** Undefined takes every value. */
  readonly takes?: (name: string, value: MetricValue) => boolean;
  readonly labels: boolean;
  /** `measured`: when its counters began and when it was measured, not when the entity was made. */
  readonly times: "all" | "measured" | "none";
  /** What an entity has several of. */
  readonly labeled: boolean;
}

export const whole: Part = { labels: true, times: "all", labeled: true };

export const partOf = ({ cluster, timestamp, sets }: DataBatch, part: Part): DataBatch => {
  const kept = new Map<string, MetricSet>();
  for (const [key, set] of sets) {
    const values = [...set.values].filter(([name, value]) => part.takes?.(name, value) ?? true);
    const labeled = part.labeled
      ? set.labeled.filter((metric) => part.takes?.(metric.name, metric) ?? true)
      : [];
    if (part.takes !== undefined && values.length + labeled.length === 0) continue;
    kept.set(key, {
      ...emptySet(part.labels ? { ...set.labels } : {}),
      collectionStart: part.times === "none" ? noTime : set.collectionStart,
      entityCreated: part.times === "all" ? set.entityCreated : noTime,
      scraped: part.times === "none" ? noTime : set.scraped,
      values: new Map(values),
      labeled,
    });
  }
  return { cluster, timestamp, sets: kept };
};

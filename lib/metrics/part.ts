import { type DataBatch, type LabeledMetric, type MetricSet, type MetricValue, noTime } from "./batch.ts";

/** What is kept of each set of a batch; a set of which nothing is kept is left out, unless all is. */
export interface Part {
  /** The metrics; all unless told. */
  readonly names?: ReadonlySet<string>;
  /** No doubles. */
  readonly onlyIntegers?: boolean;
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
    const values = new Map(valuesIn(set, part));
    const labeled = [...labeledIn(set, part)];
    if (part.names !== undefined && values.size + labeled.length === 0) continue;
    const { collectionStart, entityCreated, scraped } = timesIn(set, part);
    const labels = part.labels ? { ...set.labels } : {};
    kept.set(key, { collectionStart, entityCreated, scraped, values, labels, labeled });
  }
  return { cluster, timestamp, sets: kept };
};

/** By the few names that are wanted, rather than by the many that there are. */
export const valuesIn = (
  { values }: MetricSet,
  { names, onlyIntegers }: Part,
): Iterable<readonly [string, MetricValue]> => {
  if (names === undefined) return values;
  const found: (readonly [string, MetricValue])[] = [];
  for (const name of names) {
    const value = values.get(name);
    if (value !== undefined && (onlyIntegers !== true || typeof value.value === "bigint"))
      found.push([name, value]);
  }
  return found;
};

export const labeledIn = ({ labeled }: MetricSet, part: Part): readonly LabeledMetric[] => {
  if (!part.labeled) return [];
  const { names } = part;
  return names === undefined ? labeled : labeled.filter(({ name }) => names.has(name));
};

export const timesIn = (set: MetricSet, { times }: Part) => ({
  collectionStart: times === "none" ? noTime : set.collectionStart,
  entityCreated: times === "all" ? set.entityCreated : noTime,
  scraped: times === "none" ? noTime : set.scraped,
});

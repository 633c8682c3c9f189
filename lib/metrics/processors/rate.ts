import { type DataBatch, emptySet, gauge, type LabeledMetric, type MetricSet } from "../batch.ts";
import { rateOf } from "../catalogue.ts";
import { label } from "../labels.ts";
import type { Processor } from "../processor.ts";

/**
 * Growth of counters since the previous batch (spec A4, processor 1), which is `countersOf` an earlier one; a batch that is not later stays
 * as it is. Equal collection start times are the only protection against a counter that began anew: one that falls without that gives a
 * negative rate, as upstream.
 */
export const createRateCalculator = (previous: DataBatch | undefined): Processor => ({
  name: "rate calculator",
  process: (batch) => {
    if (previous === undefined || batch.timestamp <= previous.timestamp) return;
    for (const [key, set] of batch.sets) {
      const old = previous.sets.get(key);
      if (old === undefined || set.scraped <= old.scraped || set.collectionStart !== old.collectionStart)
        continue;
      addRates(set, old);
    }
  },
});

/** What the rates of the next batch need of this one. */
export const countersOf = ({ cluster, timestamp, sets }: DataBatch): DataBatch => {
  const counters = new Map<string, MetricSet>();
  for (const [key, set] of sets) {
    const values = [...set.values].filter(([name]) => rateOf.has(name));
    const labeled = set.labeled.filter(({ name }) => rateOf.has(name));
    if (values.length + labeled.length === 0) continue;
    const { scraped, collectionStart } = set;
    counters.set(key, { ...emptySet({}), scraped, collectionStart, values: new Map(values), labeled });
  }
  return { cluster, timestamp, sets: counters };
};

const addRates = (set: MetricSet, old: MetricSet): void => {
  const elapsed = set.scraped - old.scraped;
  for (const [counter, rate] of rateOf) {
    const growth = growthOf(set.values.get(counter), old.values.get(counter));
    if (growth !== undefined) set.values.set(rate, gauge(rateFrom(growth, elapsed, counter)));
  }
  const rates = set.labeled.flatMap((metric): LabeledMetric[] => {
    const name = rateOf.get(metric.name);
    const growth = name === undefined ? undefined : growthOf(metric, instanceIn(old, metric));
    if (name === undefined || growth === undefined) return [];
    return [{ name, labels: metric.labels, ...gauge(rateFrom(growth, elapsed, metric.name)) }];
  });
  set.labeled.push(...rates);
};

type Counter = { readonly value: bigint | number } | undefined;

const growthOf = (now: Counter, before: Counter): bigint | undefined =>
  typeof now?.value === "bigint" && typeof before?.value === "bigint" ? now.value - before.value : undefined;

const instanceIn = (old: MetricSet, { name, labels }: LabeledMetric): Counter =>
  old.labeled.find((one) => one.name === name && one.labels[label.resourceId] === labels[label.resourceId]);

/** CPU time in whole thousandths of a core, cut towards zero; everything else by the second. */
const rateFrom = (growth: bigint, nanoseconds: bigint, counter: string): bigint | number =>
  counter === "cpu/usage" ? (1000n * growth) / nanoseconds : (1e9 * Number(growth)) / Number(nanoseconds);

import { type DataBatch, gauge, type LabeledMetric, type MetricSet } from "../batch.ts";
import { rateOf } from "../catalogue.ts";
import { label } from "../labels.ts";
import { type Part, partOf } from "../part.ts";
import type { Processor } from "../processor.ts";

/** The counters of an earlier batch; gone through once, so that whoever keeps them packed need not unpack them all. */
export type Previous = Pick<DataBatch, "timestamp"> & {
  readonly sets: Iterable<readonly [string, MetricSet]>;
};

/**
 * Growth of counters since the previous batch (spec A4, processor 1), which is `countersOf` an earlier one; a batch that is not later stays
 * as it is. Equal collection start times are the only protection against a counter that began anew: one that falls without that gives a
 * negative rate, as upstream.
 */
export const createRateCalculator = (previous: Previous | undefined): Processor => ({
  name: "rate calculator",
  process: (batch) => {
    if (previous === undefined || batch.timestamp <= previous.timestamp) return;
    for (const [key, old] of previous.sets) {
      const set = batch.sets.get(key);
      if (set === undefined || set.scraped <= old.scraped || set.collectionStart !== old.collectionStart)
        continue;
      addRates(set, old);
    }
  },
});

/** What the rates of the next batch need of this one; processors after this one leave it as it is. */
export const counters: Part = {
  names: new Set(rateOf.keys()),
  labels: false,
  times: "measured",
  labeled: true,
};

export const countersOf = (batch: DataBatch): DataBatch => partOf(batch, counters);

const addRates = (set: MetricSet, old: MetricSet): void => {
  const elapsed = set.scraped - old.scraped;
  for (const [counter, rate] of rateOf) {
    const growth = growthOf(set.values.get(counter), old.values.get(counter));
    if (growth !== undefined) set.values.set(rate, gauge(rateFrom(growth, elapsed, counter)));
  }
  const disks = set.labeled.filter(({ name }) => rateOf.has(name));
  for (const metric of disks) {
    const growth = growthOf(metric, instanceIn(old, metric));
    const name = rateOf.get(metric.name);
    if (name === undefined || growth === undefined) continue;
    set.labeled.push({ name, labels: metric.labels, ...gauge(rateFrom(growth, elapsed, metric.name)) });
  }
};

type Counter = { readonly value: bigint | number } | undefined;

const growthOf = (now: Counter, before: Counter): bigint | undefined =>
  typeof now?.value === "bigint" && typeof before?.value === "bigint" ? now.value - before.value : undefined;

const instanceIn = (old: MetricSet, { name, labels }: LabeledMetric): Counter =>
  old.labeled.find((one) => one.name === name && one.labels[label.resourceId] === labels[label.resourceId]);

/** CPU time in whole thousandths of a core, cut towards zero; everything else by the second. */
const rateFrom = (growth: bigint, nanoseconds: bigint, counter: string): bigint | number =>
  counter === "cpu/usage" ? (1000n * growth) / nanoseconds : (1e9 * Number(growth)) / Number(nanoseconds);

import { BadQuery } from "../badquery.ts";
import { type Aggregation, aggregationsIn, bucketIn, labelsIn, type Range, rangeIn } from "../query.ts";
import type { Question } from "../question.ts";
import { goTime, metricResult } from "../shape.ts";
import type { Bucket, HistoricalSource } from "./influxdb.ts";

type ValuesAsked = Extract<Question, { ask: "values" }>;

/** Values or aggregates of the past; the arguments are looked at in upstream's order. */
export const historicalValues = async (
  source: HistoricalSource,
  asked: ValuesAsked,
  { query, now }: { query: URLSearchParams; now: number },
): Promise<object> => {
  const range = rangeIn(query, now);
  if (range.start === 0n) throw new BadQuery("no start time (or a start time of zero) provided");
  if (asked.aggregations === undefined) {
    const results = (await source.values({ ...asked, range, labels: labelsIn(query) })).map(metricResult);
    return asked.asList ? { items: results } : (results[0] ?? {});
  }
  const bucket = bucketIn(query);
  const aggregations = aggregationsIn(asked.aggregations);
  const wanted = { ...asked, range, bucket, aggregations, labels: labelsIn(query) };
  const results = (await source.aggregates(wanted)).map((buckets) => aggregateResult(buckets, range, bucket));
  return asked.asList ? { items: results } : (results[0] ?? {});
};

const aggregateResult = (buckets: readonly Bucket[], { start, end }: Range, bucket: bigint | undefined) => ({
  buckets: buckets.map(({ time, values }) => ({ timestamp: goTime(time), ...told(values) })),
  bucketSize: buckets.length === 0 ? 0n : (bucket ?? end - start),
});

const told = (values: ReadonlyMap<Aggregation, bigint | number>) => {
  const percentiles = percents.flatMap((percent) => {
    const value = values.get(`${percent}-perc`);
    return value === undefined ? [] : [[percent, figure(value)] as const];
  });
  const single = names.flatMap(([aggregation, name]) => {
    const value = values.get(aggregation);
    return value === undefined ? [] : [[name, figure(value)] as const];
  });
  const count = values.get("count");
  return {
    ...(count !== undefined && { count }),
    ...Object.fromEntries(single),
    ...(percentiles.length > 0 && { percentiles: Object.fromEntries(percentiles) }),
  };
};

const percents = ["50", "95", "99"] as const;

const names: readonly (readonly [Aggregation, string])[] = [
  ["average", "average"],
  ["max", "maximum"],
  ["min", "minimum"],
  ["median", "median"],
];

const figure = (value: bigint | number) =>
  typeof value === "bigint" ? { intValue: value } : { floatValue: value };

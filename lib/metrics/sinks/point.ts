import type { DataBatch, Labels, MetricSet, MetricValue } from "../batch.ts";

/** One value of a batch as sinks send it that know no metric sets. */
export interface Point {
  readonly name: string;
  readonly value: MetricValue;
  /** Of its set and, for a labeled metric, its own, which win. */
  readonly labels: Readonly<Labels>;
}

/** Every value of a set that JSON has a number for: its own, then those of which it has several. */
export function* pointsOf({ values, labels, labeled }: MetricSet): Generator<Point> {
  for (const [name, value] of values) if (isNumber(value)) yield { name, value, labels };
  for (const metric of labeled) {
    const { name, labels: own } = metric;
    if (isNumber(metric)) yield { name, value: metric, labels: { ...labels, ...own } };
  }
}

/** Every value of a batch. */
export function* allPoints({ sets }: DataBatch): Generator<Point> {
  for (const set of sets.values()) yield* pointsOf(set);
}

/** An int64 with all its digits. */
export const numberText = ({ value }: MetricValue): string => String(value);

const isNumber = ({ value }: MetricValue): boolean => typeof value === "bigint" || Number.isFinite(value);

/** The batch's time as Go's JSON has it. */
export const timeText = ({ timestamp }: DataBatch): string =>
  new Date(timestamp).toISOString().replace(".000Z", "Z");

/** In order, in packs whose sizes together are `most` at the most; an item that is larger has a pack of its own, and nothing has none. */
export function* packsOf<T>(
  items: Iterable<T>,
  most: number,
  sizeOf: (item: T) => number = () => 1,
): Generator<T[]> {
  let [pack, size]: [T[], number] = [[], 0];
  for (const item of items) {
    const more = sizeOf(item);
    if (pack.length > 0 && size + more > most) {
      yield pack;
      [pack, size] = [[], 0];
    }
    pack.push(item);
    size += more;
  }
  if (pack.length > 0) yield pack;
}

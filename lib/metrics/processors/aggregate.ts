import { type MetricSet, type MetricValue, valueTypeOf } from "../batch.ts";

/**
 * Adds the named metrics of one set to another (spec A4 *Aggregation helper*): what the source lacks is left out, what the target lacks is
 * taken. Throws when a metric is of two types, which ends the cycle.
 */
export const aggregate = (source: MetricSet, target: MetricSet, metrics: readonly string[]): void => {
  for (const name of metrics) {
    const value = source.values.get(name);
    if (value === undefined) continue;
    const held = target.values.get(name);
    if (held !== undefined && valueTypeOf(held) !== valueTypeOf(value))
      throw new Error(`metric ${name} is both ${valueTypeOf(held)} and ${valueTypeOf(value)}`);
    target.values.set(name, held === undefined ? value : sum(held, value));
  }
};

/** Both are of one type; the type of the first stays. */
export const sum = ({ type, value }: MetricValue, other: MetricValue): MetricValue => ({
  type,
  value:
    typeof value === "bigint" && typeof other.value === "bigint"
      ? BigInt.asIntN(64, value + other.value)
      : Number(value) + Number(other.value),
});

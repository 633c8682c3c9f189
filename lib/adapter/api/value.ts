import { writeQuantity } from "../../metrics/cluster/quantity.ts";

/**
 * A sample as a quantity (spec B6, B8): thousandths, cut towards zero. NaN is 0. What no 64-bit number of thousandths holds becomes the nearest that
 * does: upstream's conversion is undefined there, and on amd64 makes the largest load the smallest number.
 */
export const quantityOf = (value: number, form: "decimal" | "binary" = "decimal"): string =>
  writeQuantity(thousandthsOf(value), form);

export const thousandthsOf = (value: number): bigint => {
  const thousandths = Math.trunc(value * 1000);
  if (Number.isNaN(thousandths)) return 0n;
  if (thousandths >= 2 ** 63) return largest;
  return thousandths < -(2 ** 63) ? -largest - 1n : BigInt(thousandths);
};

const largest = 2n ** 63n - 1n;

/** Kubernetes writes times with whole seconds. `seconds` since 1970. */
export const timeOf = (seconds: number): string =>
  `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`;

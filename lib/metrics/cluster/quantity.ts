/**
 * A Kubernetes quantity (`100m`, `1.5Gi`, `12e6`) as a whole number of `1/10^digits` parts, fractions rounded up as upstream does for requests,
 * limits and what a node has: `parseQuantity("1500m", 3)` is 1500 thousandths. Undefined for anything else.
 */
export const parseQuantity = (text: string, digits = 0): bigint | undefined => {
  const [, sign, whole = "", fraction = "", suffix = ""] = form.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "" || whole.length + fraction.length > mostDigits)
    return undefined;
  const scale = scaleOf(suffix);
  if (scale === undefined) return undefined;
  const number = BigInt(`${whole}${fraction}`) * scale.times;
  const [numerator, denominator] = shifted(number, scale.exponent - fraction.length + digits);
  const cut = numerator / denominator;
  // Division cuts towards zero, which is up for what is negative.
  return sign === "-" ? -cut : cut + (numerator % denominator > 0n ? 1n : 0n);
};

/**
 * A number of thousandths as Kubernetes writes a quantity (apimachinery `resource.Quantity`, canonical form): with the largest unit in which it is
 * whole. What is below 1024, or no whole number, is written in powers of ten in either form: `16m`, `1500m`, `2k`, `3Mi`, `3110`, `3110500m`.
 */
export const writeQuantity = (thousandths: bigint, form: "decimal" | "binary"): string => {
  const whole = thousandths / 1000n;
  const isBinary = form === "binary" && thousandths % 1000n === 0n && (whole >= 1024n || whole <= -1024n);
  return isBinary ? scaled(whole, 1024n, binary) : scaled(thousandths, 1000n, tens);
};

const tens = ["m", "", "k", "M", "G", "T", "P", "E"];

const scaled = (value: bigint, step: bigint, [unit = "", ...larger]: readonly string[]): string =>
  value === 0n || value % step !== 0n || larger.length === 0
    ? `${value}${value === 0n ? "" : unit}`
    : scaled(value / step, step, larger);

const form = /^([+-]?)(\d*)(?:\.(\d*))?((?:[numkMGTPE]|[KMGTPE]i)?|[eE][+-]?\d{1,3})$/;
/** What an API server lets through is far below. */
const mostDigits = 40;

const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimal = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);

interface Scale {
  readonly times: bigint;
  /** Of ten. */
  readonly exponent: number;
}

const scaleOf = (suffix: string): Scale | undefined => {
  const ten = decimal.get(suffix);
  if (ten !== undefined) return { times: 1n, exponent: ten };
  const two = binary.indexOf(suffix);
  if (two > 0) return { times: 1024n ** BigInt(two), exponent: 0 };
  const exponent = Number(suffix.slice(1));
  return Math.abs(exponent) <= 60 ? { times: 1n, exponent } : undefined;
};

const shifted = (number: bigint, exponent: number): [bigint, bigint] =>
  exponent >= 0 ? [number * 10n ** BigInt(exponent), 1n] : [number, 10n ** BigInt(-exponent)];

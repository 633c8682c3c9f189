import { noTime } from "./batch.ts";

/**
 * RFC 3339 as Go reads it, to the nanosecond: Unix nanoseconds, `noTime` for Go's zero time, undefined for anything else. JavaScript's own
 * parser stops at milliseconds, and a rate divides by the difference of two such times.
 */
export const parseTime = (text: string): bigint | undefined => {
  const [, seconds, fraction = "", zone] = form.exec(text) ?? [];
  const milliseconds = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  if (milliseconds === goZero) return noTime;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9) || 0);
};

const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;
const goZero = Date.parse("0001-01-01T00:00:00Z");

/** Unix milliseconds as the nanoseconds that sets and points have. */
export const nanoseconds = (milliseconds: number): bigint => BigInt(milliseconds) * 1_000_000n;

import { noTime } from "./batch.ts";

/**
 * RFC 3339 as Go reads it, to the nanosecond: Unix nanoseconds, `noTime` for Go's zero time, undefined for anything else. JavaScript's own
 * parser stops at milliseconds, and a rate divides by the difference of two such times.
 */
export const parseTime = (text: string): bigint | undefined => {
  const [, seconds, fraction = "", zone] = form.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const whole = wholeSecond(`${seconds}${zone}`);
  if (whole === undefined || fraction === "" || seconds.startsWith("000")) return whole;
  return whole + BigInt(fraction.padEnd(9, "0").slice(0, 9));
};

const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;
const goZero = Date.parse("0001-01-01T00:00:00Z");

/** The same seconds come again: thousands of containers are measured in one, and began when they began a cycle ago. */
const seconds = new Map<string, bigint>();
const mostSeconds = 50_000;

const wholeSecond = (text: string): bigint | undefined => {
  const known = seconds.get(text);
  if (known !== undefined) return known;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const time = milliseconds === goZero ? noTime : nanoseconds(milliseconds);
  if (seconds.size >= mostSeconds) seconds.clear();
  seconds.set(text, time);
  return time;
};

/** Unix milliseconds as the nanoseconds that sets and points have. */
export const nanoseconds = (milliseconds: number): bigint => BigInt(milliseconds) * 1_000_000n;

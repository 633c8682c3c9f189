import { type Answer, text } from "../door/answer.ts";
import type { MetricValue } from "../metrics/batch.ts";

declare global {
  interface JSON {
    /** ECMAScript's own (JSON.parse source text access); its types lag behind. */
    rawJSON(text: string): unknown;
  }
}

/** A value at a time, Unix nanoseconds. */
export interface Point extends Pick<MetricValue, "value"> {
  readonly time: bigint;
}

/** `MetricResult` of spec A10.1, out of points in order. */
export const metricResult = (points: readonly Point[]) => ({
  metrics: points.map(({ time, value }) => ({ timestamp: goTime(time), value: unsigned(value) })),
  latestTimestamp: goTime(points.at(-1)?.time ?? 0n),
});

/**
 * Upstream hands an int64 out as uint64: a negative one comes out near 1.8e19. A double loses its fraction first; one that no int64 can hold
 * becomes the smallest, as on the processors that upstream ran on.
 */
export const unsigned = (value: bigint | number): bigint => BigInt.asUintN(64, whole(value));

const whole = (value: bigint | number): bigint => {
  if (typeof value === "bigint") return value;
  const truncated = Math.trunc(value);
  return truncated >= -(2 ** 63) && truncated < 2 ** 63 ? BigInt(truncated) : -(2n ** 63n);
};

/** RFC 3339 with as many digits as it takes; 0 is Go's zero time. */
export const goTime = (time: bigint): string => {
  if (time === 0n) return "0001-01-01T00:00:00Z";
  const fraction = ((time % second) + second) % second;
  const seconds = new Date(Number((time - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  const digits = String(fraction).padStart(9, "0").replace(/0+$/, "");
  return `${seconds}${digits === "" ? "" : `.${digits}`}Z`;
};

const second = 1_000_000_000n;

/** Laid out as go-restful does: one blank per level, and one before each line but the first. */
export const pretty = (value: unknown): Answer =>
  text(200, JSON.stringify(value, exact, " ").replaceAll("\n", "\n "), "application/json");

/** On one line, which ends. */
export const compact = (value: unknown): Answer =>
  text(200, `${JSON.stringify(value, exact)}\n`, "application/json");

/** A bigint with all its digits. */
const exact = (_: string, value: unknown) =>
  typeof value === "bigint" ? JSON.rawJSON(String(value)) : value;

import { takesCompressed } from "../door/present.ts";
import type { Request } from "../door/request.ts";

/**
 * Why a list would not arrive before its reader asks again, if so (design §3.4). The door lets the first 6 MB through at
 * once and then so many bytes a second; a reader says its interval by `X-Prometheus-Refresh-Interval-Seconds`. A speed of
 * 0 is no limit.
 */
export const tooLate = (request: Request, bytes: number, speed: number): string | undefined => {
  if (speed === 0) return undefined;
  const sent = takesCompressed(request) ? bytes / compression : bytes;
  const seconds = Math.max(0, sent - atOnce) / speed;
  const most = Math.min(intervalOf(request), longestAnswer);
  if (seconds <= most) return undefined;
  return (
    `the list has ${Math.ceil(bytes / 1e6)} MB and would arrive after ${Math.ceil(seconds)} s, but only ${most} s are left; ` +
    "ask for a part of it with ?shard=0&of=4, or for final targets with ?relabel=true, or for both"
  );
};

/** Seconds. Not every reader says it. */
const intervalOf = ({ headers }: Request): number => {
  const seconds = Number(headers["x-prometheus-refresh-interval-seconds"]);
  return seconds > 0 ? seconds : Number.POSITIVE_INFINITY;
};

const atOnce = 6_000_000;
/** Lists shrink to a twentieth; half of that is safe. */
const compression = 10;
/** Seconds: a function that serves is ended after 29 (serverless.yml), and the list would be cut. */
const longestAnswer = 25;

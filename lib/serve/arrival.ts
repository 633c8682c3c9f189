import { takesCompressed } from "../door/present.ts";
import type { Request } from "../door/request.ts";

/**
 * How many bytes of JSON would arrive before the reader asks again (design §3.4). The door lets the first 6 MB through at once
 * and then so many bytes a second; a reader says its interval by `X-Prometheus-Refresh-Interval-Seconds`. A speed of 0 is no
 * limit.
 */
export const mostBytes = (request: Request, speed: number): number => {
  if (speed === 0) return Number.POSITIVE_INFINITY;
  const sent = atOnce + speed * secondsFor(request);
  return takesCompressed(request) ? sent * compression : sent;
};

/** Why so many bytes are refused; `instead` says what to ask for. */
export const tooLate = (request: Request, bytes: number, instead: string): string =>
  `the answer has ${Math.ceil(bytes / 1e6)} MB or more and would not arrive within ${secondsFor(request)} s; ${instead}`;

/** Not every reader says it. */
const secondsFor = ({ headers }: Request): number => {
  const seconds = Number(headers["x-prometheus-refresh-interval-seconds"]);
  return seconds > 0 ? Math.min(seconds, longestAnswer) : longestAnswer;
};

const atOnce = 6_000_000;
/** Lists shrink to a twentieth; half of that is safe. */
const compression = 10;
/** Seconds: a function that serves is ended after 29 (serverless.yml), and the list would be cut. */
const longestAnswer = 25;

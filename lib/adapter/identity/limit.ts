import { tooManyRequests } from "../api/status.ts";

export interface LimitOptions {
  /** Over time. */
  readonly perSecond: number;
  /** At once, after a pause; and under way at any time. */
  readonly burst: number;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/** Lets so much work begin, and rejects the rest with 429 before it does anything. */
export const createLimit = ({ perSecond, burst, clock }: LimitOptions) => {
  let free = burst;
  let seen = clock();
  let underWay = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const now = clock();
    free = Math.min(burst, free + (Math.max(0, now - seen) / 1000) * perSecond);
    seen = now;
    if (free < 1 || underWay >= burst) throw tooManyRequests();
    free -= 1;
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  };
};

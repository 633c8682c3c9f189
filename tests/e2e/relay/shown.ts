import { setTimeout as sleep } from "node:timers/promises";
import type { Rollcall } from "../rollcall.ts";

/** Milliseconds until the list of a job has this text in it; throws when that takes longer than so many seconds. */
export const shownAfter = async (
  { url }: Rollcall,
  { job, text, seconds }: { job: string; text: string; seconds: number },
): Promise<number> => {
  const began = performance.now();
  for (;;) {
    const response = await fetch(`${url}/sd/${job}`, { signal: AbortSignal.timeout(20_000) });
    const body = await response.text();
    const passed = performance.now() - began;
    if (response.status === 200 && body.includes(text)) return passed;
    if (passed > seconds * 1000)
      throw new Error(`${text} is not in the list of job ${job} after ${seconds} s (${response.status})`);
    await sleep(pause);
  }
};

/** Short beside what is measured, and long beside what a list costs. */
const pause = 10;

/** `12 ms at the median, 40 ms at most`. */
export const summaryOf = (times: readonly number[]): string => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
  return `${at(0.5)} ms at the median, ${at(1)} ms at most, of ${sorted.length}`;
};

import type { Clock } from "../clock.ts";
import { reasonOf } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import type { MetricSet } from "./batch.ts";
import type { MetricsSource, Window } from "./source.ts";

export interface ScrapeParts {
  readonly clock: Clock;
  /** From 0 up to 1, for the jitter. */
  readonly random: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What was there when the time was up. */
export interface Scraped {
  readonly sets: Map<string, MetricSet>;
  /** Why a source has no part in it, by its name. */
  readonly failures: Map<string, string>;
  /** Milliseconds that each source took, by its name, whatever came of it. */
  readonly took: Map<string, number>;
}

/**
 * Reads all sources side by side (spec A5 *Source manager*), each beginning a little later than it could, so that not all of them answer at once.
 * Who fails, or is not done in time, is left out with its reason; of two sets with one key the last stays. Never rejects.
 */
export const scrapeAll = async (
  sources: readonly MetricsSource[],
  window: Window,
  { clock, random, wait }: ScrapeParts,
): Promise<Scraped> => {
  const scraped: Scraped = { sets: new Map(), failures: new Map(), took: new Map() };
  const over = new AbortController();
  const callOff = clock.after(deadline, () => over.abort(new Error(`no answer within ${deadline} ms`)));
  const spread = Math.min(jitterOfEach * sources.length, mostJitter);
  const start = clock.now();
  // In the order in which they begin: a place that waits for its source's moment keeps none from its own.
  const begins = sources
    .map((source) => ({ source, at: start + random() * spread }))
    .sort((a, b) => a.at - b.at);
  const one = async ({ source, at }: (typeof begins)[number]) => {
    let began = Number.NaN;
    try {
      await untilAborted(wait(Math.max(0, at - clock.now()), over.signal), over.signal);
      began = clock.now();
      const found = await untilAborted(source.scrape(window, over.signal), over.signal);
      for (const [key, set] of found) scraped.sets.set(key, set);
    } catch (error) {
      scraped.failures.set(source.name, reasonOf(error));
    }
    if (!Number.isNaN(began)) scraped.took.set(source.name, clock.now() - began);
  };
  await inFlight(mostAtOnce, begins, one);
  callOff();
  return scraped;
};

/** Milliseconds, as upstream. */
const deadline = 20_000;
const jitterOfEach = 8;
const mostJitter = 4_000;
/** Answers that are read at the same time: what they take in memory and in open connections. */
const mostAtOnce = 200;

/** A source that does not heed its signal is not waited for. */
const untilAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abandon = () => reject(signal.reason);
    signal.addEventListener("abort", abandon, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abandon));
  });

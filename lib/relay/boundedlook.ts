import type { Discoverer, Outcome } from "../discovery/discoverer.ts";
import type { Segment } from "./slice.ts";

/** Milliseconds that changes may have to wait for a look that gets no answer. */
const bound = 60_000;

/**
 * The follower's look, given up after a minute (each provider then has that for its error, and is told to `late`) and when
 * the segment ends (it rejects).
 */
export const boundedLook =
  ({ ending, following, parts }: Segment, late: (provider: string) => void): Discoverer =>
  (providers, signal) =>
    new Promise<Outcome[]>((resolve, reject) => {
      const waited = new AbortController();
      const over = () => reject(new SegmentOver());
      const callOff = parts.clock.after(bound, () => {
        waited.abort();
        for (const { id } of providers) late(id);
        resolve(providers.map((provider) => ({ provider, error: noAnswer() })));
      });
      ending.signal.addEventListener("abort", over);
      following
        .look(providers, AbortSignal.any([signal, waited.signal]))
        .then(resolve, reject)
        .finally(() => {
          callOff();
          ending.signal.removeEventListener("abort", over);
        });
      if (ending.signal.aborted) over();
    });

/** Not a fault: what was under way no longer matters. */
export class SegmentOver extends Error {
  override name = "SegmentOver";
}

const noAnswer = () => new Error(`no answer within ${bound / 1000} seconds`);

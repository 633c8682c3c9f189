/** Waits longer after each failure in a row, for each thing on its own. Times are Unix milliseconds. */
export interface Pauses {
  /** Returns when to try again. */
  failed(thing: string, now: number): number;
  worked(thing: string): void;
  /** Undefined when the thing worked last, or was never tried. */
  until(thing: string): number | undefined;
}

/** `random`, from 0 up to 1, spreads the repetitions. */
export const createPauses = (random: () => number): Pauses => {
  const pauses = new Map<string, { attempt: number; until: number }>();
  return {
    failed: (thing, now) => {
      const attempt = (pauses.get(thing)?.attempt ?? 0) + 1;
      const until = now + Math.min(longest, first * 2 ** (attempt - 1)) * (0.5 + random() / 2);
      pauses.set(thing, { attempt, until });
      return until;
    },
    worked: (thing) => {
      pauses.delete(thing);
    },
    until: (thing) => pauses.get(thing)?.until,
  };
};

/** Milliseconds; a pause is anything between half of its bound and all of it. */
const first = 200;
const longest = 10_000;

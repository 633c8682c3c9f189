/** How long something took, summed up as a histogram of Prometheus's has it. */
export interface Durations {
  readonly count: number;
  readonly seconds: number;
  /** How many took at most as long as each of `durationBounds`, in that order. */
  readonly within: readonly number[];
}

/** Seconds; Prometheus counts its refreshes by these (spec §1.2). */
export const durationBounds: readonly number[] = [0.01, 0.1, 1, 10];

/** With one more, of so many seconds. */
export const lengthened = (before: Durations | undefined, seconds: number): Durations => ({
  count: (before?.count ?? 0) + 1,
  seconds: (before?.seconds ?? 0) + seconds,
  within: durationBounds.map((bound, at) => (before?.within[at] ?? 0) + (seconds <= bound ? 1 : 0)),
});

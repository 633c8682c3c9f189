/** Readers that wait until a list changes (long poll). */
export interface Polling {
  /** Milliseconds; nobody waits longer. 0: nobody may wait. */
  readonly longest: number;
  /**
   * Looks again and again until `look` says something else than `known`, or `wait` milliseconds are over. `full`: too
   * many wait already.
   */
  wait(options: WaitOptions): Promise<"changed" | "unchanged" | "full">;
}

export interface WaitOptions {
  readonly look: () => Promise<string>;
  readonly known: string;
  readonly wait: number;
}

export interface PollingParts {
  readonly longest: number;
  /** How many may wait at once. */
  readonly most: number;
  /** Resolves a few times a second. */
  readonly pause: () => Promise<unknown>;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** All who wait look at the same moments, so that the pool is asked once for all of them. */
export const createPolling = ({ longest, most, pause, clock }: PollingParts): Polling => {
  let waiting = 0;
  let moment: Promise<unknown> | undefined;
  const nextMoment = () => {
    moment ??= pause().finally(() => {
      moment = undefined;
    });
    return moment;
  };
  const untilChanged = async ({ look, known, wait }: WaitOptions) => {
    const end = clock() + Math.min(wait, longest);
    for (;;) {
      if ((await look()) !== known) return "changed";
      if (clock() >= end) return "unchanged";
      await nextMoment();
    }
  };
  return {
    longest,
    wait: async (options) => {
      if (waiting >= most) return "full";
      waiting += 1;
      try {
        return await untilChanged(options);
      } finally {
        waiting -= 1;
      }
    },
  };
};

/** How long to wait after attempts that failed, one after the other. */
export interface Backoff {
  /** One more attempt is over. */
  after(end: End): Pause;
}

export interface End {
  /** The attempt did well for a while before it ended, so that what failed before it no longer counts. */
  readonly steady: boolean;
  /** It happens to the best: a watch that broke, then a version that was forgotten. Answered at once, and worth no word. */
  readonly quiet: boolean;
  readonly retryAfterMilliseconds: number | undefined;
}

export interface Pause {
  readonly milliseconds: number;
  /** Whether people should hear of it. */
  readonly shown: boolean;
  /** How many attempts have ended in a row. */
  readonly ends: number;
}

/**
 * Doubles from half a second to half a minute, each wait somewhere between half of that and all, so that many who failed
 * together do not come back together. What a server asks for is a lower bound.
 */
export const createBackoff = (random: () => number): Backoff => {
  let ends = 0;
  const wait = (times: number) =>
    times <= 0 ? 0 : Math.min(mostMilliseconds, firstMilliseconds * 2 ** (times - 1)) * (0.5 + random() / 2);
  return {
    after: ({ steady, quiet, retryAfterMilliseconds: asked = 0 }) => {
      ends = steady ? 1 : ends + 1;
      const own = wait(quiet ? ends - mostImmediate : ends);
      const wanted = Math.min(asked, mostAskedMilliseconds) * (1 + random() / 4);
      return { milliseconds: Math.round(Math.max(own, wanted)), shown: !quiet || ends > mostQuiet, ends };
    },
  };
};

const firstMilliseconds = 500;
const mostMilliseconds = 30_000;
/** A server that wants to be left alone for longer does not get it. */
const mostAskedMilliseconds = 5 * 60_000;
/** So many quiet ends in a row are followed by no pause. */
const mostImmediate = 2;
/** So many ends in a row are no accident any more. */
const mostQuiet = 3;

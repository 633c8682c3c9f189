/** Time with its alarms, so that a test can turn the hands itself. Unix milliseconds. */
export interface Clock {
  now(): number;
  /** Runs once after so many milliseconds; what comes back calls it off. Never keeps the process alive. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after(milliseconds, run) {
    const timer = setTimeout(run, Math.min(milliseconds, longestTimer)).unref();
    return () => clearTimeout(timer);
  },
};

/** Milliseconds; Node fires a longer timer at once. */
export const longestTimer = 2 ** 31 - 1;

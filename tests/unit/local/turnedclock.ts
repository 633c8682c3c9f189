import type { Clock } from "../../../lib/clock.ts";

/** A clock whose hands the test turns. */
export interface TurnedClock extends Clock {
  /** Moves on, running what falls due on the way, each time letting promises settle. */
  turn(milliseconds: number): Promise<void>;
}

export const createTurnedClock = (start = Date.parse("2026-01-02T03:04:05Z")): TurnedClock => {
  let now = start;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async turn(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await settle();
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
      await settle();
    },
  };
};

/** Promises and setImmediate have had their turns. */
export const settle = async (): Promise<void> => {
  for (let round = 0; round < 5; round += 1) await new Promise(setImmediate);
};

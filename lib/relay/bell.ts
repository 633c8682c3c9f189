import type { Clock } from "../clock.ts";

/** Wakes whoever rests beside it. */
export interface Bell {
  ring(): void;
  /** Until the bell rings, at once when it has rung since the last rest, and for so many milliseconds at most. */
  rest(milliseconds: number): Promise<void>;
}

/** For one that rests. */
export const createBell = (clock: Pick<Clock, "after">): Bell => {
  let rung = false;
  let wake = () => {};
  return {
    ring: () => {
      rung = true;
      wake();
    },
    rest: async (milliseconds) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const callOff = clock.after(Math.max(0, milliseconds), resolve);
          wake = () => {
            callOff();
            resolve();
          };
        });
      }
      rung = false;
      wake = () => {};
    },
  };
};

import type { Clock } from "../../../lib/clock.ts";

/**
 * A process that can die or stand still between any two of its awaited steps. What it awaited never comes back after it died, and
 * only after it goes on when it stood still.
 */
export const createProcess = () => {
  let left = Number.POSITIVE_INFINITY;
  let waiting: (() => void)[] | undefined;
  const isDead = () => left <= 0;
  const pass = async (): Promise<void> => {
    left -= 1;
    if (isDead()) await new Promise(() => {});
    if (waiting !== undefined) await new Promise<void>((resolve) => waiting?.push(resolve));
    if (isDead()) await new Promise(() => {});
  };
  const step =
    <Given extends readonly unknown[], Answer>(work: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      await pass();
      const answer = await work(...given);
      await pass();
      return answer;
    };
  return {
    isDead,
    /** A port's method as this process calls it: it may die before the effect, and after it. */
    step,
    /** Dies at its so-many-th step from now. */
    dieAfter: (steps: number) => {
      left = Math.min(left, steps);
    },
    die: () => {
      left = 0;
    },
    stand: () => {
      waiting ??= [];
    },
    goOn: () => {
      const all = waiting ?? [];
      waiting = undefined;
      for (const resolve of all) resolve();
    },
    /** Alarms of a process that stands still go off when it goes on. */
    clockOf: (clock: Clock): Clock => ({
      now: clock.now,
      after: (milliseconds, run) =>
        clock.after(milliseconds, () => {
          if (isDead()) return;
          if (waiting === undefined) run();
          else waiting.push(run);
        }),
    }),
  };
};

export type Process = ReturnType<typeof createProcess>;

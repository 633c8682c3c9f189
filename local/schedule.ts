import type { Clock } from "../lib/clock.ts";

/** A `schedule` event of the template. Milliseconds. */
export interface Schedule {
  readonly function: string;
  readonly every: number;
  readonly input: unknown;
}

/**
 * Fires each schedule now and then by its rate; each firing is an invocation of its own, whether the one before has
 * ended or not. What comes back ends them all.
 */
export const startSchedules = (options: {
  schedules: readonly Schedule[];
  /** What fires at another pace than its rate: milliseconds by the function's name. */
  paces?: Readonly<Record<string, number>> | undefined;
  clock: Clock;
  fire: (name: string, input: unknown) => void;
}): (() => void) => {
  const { schedules, paces = {}, clock, fire } = options;
  const stops = schedules.map((schedule) => {
    let stop = () => {};
    const every = paces[schedule.function] ?? schedule.every;
    const next = (due: number, input: unknown) => {
      stop = clock.after(Math.max(0, due - clock.now()), () => {
        fire(schedule.function, input);
        // A machine that slept fires once, not once for each firing it missed.
        const following = due + every;
        next(following > clock.now() ? following : clock.now() + every, schedule.input);
      });
    };
    next(clock.now(), started(schedule.input));
    return () => stop();
  });
  return () => {
    for (const stop of stops) stop();
  };
};

/** The first firing says that it is one: nobody looked while the program was not there. */
const started = (input: unknown) =>
  typeof input === "object" && input !== null ? { ...input, start: true } : input;

/** Milliseconds of `rate(1 minute)`. Throws a line for anything else, `cron(...)` included. */
export const readRate = (expression: string): number => {
  const [, value = "", unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression.trim()) ?? [];
  const count = Number(value);
  if (!(count > 0)) throw new Error(`schedule ${expression}: only rate(N minutes|hours|days) runs locally`);
  return count * (units[unit] ?? 0);
};

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

import { setImmediate as othersTurn } from "node:timers/promises";

/** A question takes more work than one may; the message is one line that says how much is allowed. */
export class TooCostlyError extends Error {
  override name = "TooCostlyError";
}

export interface Turns {
  /** To be asked behind every small step: a promise when it is the others' turn. Throws TooCostlyError once all work together was too much. */
  next(): Promise<unknown> | undefined;
}

export interface TurnsOptions {
  /** Milliseconds of work in all; no limit unless given. */
  readonly most?: number;
  /** Milliseconds of a turn; ten unless given. */
  readonly turn?: number;
  /** Milliseconds that go on. */
  readonly clock?: () => number;
  readonly others?: () => Promise<unknown>;
}

/** Long work cut into turns, so that others are answered in between. */
export const createTurns = (options: TurnsOptions = {}): Turns => {
  const {
    most = Number.POSITIVE_INFINITY,
    clock = () => performance.now(),
    turn: longest = 10,
    others = othersTurn,
  } = options;
  let worked = 0;
  let since = clock();
  return {
    next: () => {
      const turn = clock() - since;
      if (turn < longest) return undefined;
      worked += turn;
      if (worked > most)
        throw new TooCostlyError(
          `the question takes more than ${most / 1000} seconds of work, which is all that one may: ` +
            "ask about fewer targets (one job, one cluster), or with fewer or simpler regular expressions",
        );
      return others().then(() => {
        since = clock();
      });
    },
  };
};

/** Milliseconds that the selectors of one question may work. */
export const mostSelecting = 2_000;

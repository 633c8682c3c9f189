import type { Befallen } from "./blame.ts";
import type { Wrong } from "./witness.ts";

/**
 * What was not repaired in time (promise 5), one line each. Every start checks everything at once, so only the time for which the
 * program was away does not count: who lives for three minutes and is killed, and again, has had six to repair something.
 */
export const unrepaired = (wrongs: readonly Wrong[], befallen: readonly Befallen[]): string[] => {
  const away = befallen.filter(({ kind }) => kind.where === "program");
  return wrongs
    .filter((wrong) => lived(wrong, away) > longestRepair)
    .map(({ job, source }) => `${job}: ${source} was not repaired within five minutes (promise 5)`);
};

/** Milliseconds of the time for which a list was wrong that the program was there. */
const lived = ({ since, until = since }: Wrong, away: readonly Befallen[]) =>
  away.reduce(
    (left, one) => left - Math.max(0, Math.min(until, one.until) - Math.max(since, one.from)),
    until - since,
  );

/** Milliseconds. */
const longestRepair = 315_000;

import { defaultHistory } from "../config/settings.ts";
import type { HistoryLog, Terms } from "./log.ts";

/** Writes the terms anew when the settings say something else. */
export const keepTerms = async (
  log: Pick<HistoryLog, "terms" | "putTerms">,
  retention: number,
  now: number,
): Promise<void> => {
  const held = await log.terms();
  if (held?.retention !== retention) await log.putTerms(nextTerms(held, retention, now));
};

/** What the reducer goes by; it asks anew every half a minute, for a batch should not pay for it. */
export const createRetention = (log: Pick<HistoryLog, "terms">, clock: () => number) => {
  let latest: { retention: number; readAt: number } | undefined;
  return async (): Promise<number> => {
    const now = clock();
    if (latest !== undefined && now - latest.readAt < termsLife) return latest.retention;
    const terms = await log.terms();
    // Not told yet: an entry too many is harmless, one too few is a gap.
    if (terms === undefined) return defaultHistory.retention;
    latest = { retention: terms.retention, readAt: now };
    return latest.retention;
  };
};

/** The first moment that can be told; undefined when there is no history. */
export const earliest = (terms: Terms | undefined, now: number): number | undefined => {
  if (terms === undefined) return now;
  return terms.retention === 0 ? undefined : Math.max(terms.since, now - terms.retention);
};

const termsLife = 30_000;

const nextTerms = (held: Terms | undefined, retention: number, now: number): Terms => {
  if (held === undefined) return { retention, since: now };
  // A reducer may go by the old terms for as long as it remembers them, and then finish its batch.
  if (held.retention === 0) return { retention, since: now + 2 * termsLife };
  // What a shorter retention has let go does not come back.
  return { retention, since: Math.max(held.since, now - held.retention) };
};

import type { Counters } from "./status.ts";

/** What is counted beside looks and the changes they announce. */
export interface MoreCounts {
  readonly repaired?: number;
  readonly events?: Readonly<Record<string, number>>;
  readonly watchFailures?: number;
}

/** The same counters where there is nothing to add, so that nobody takes them for news. */
export const withCounts = (counters: Counters, more: MoreCounts): Counters => {
  const { repaired = 0, events = {}, watchFailures = 0 } = more;
  const named = Object.entries(events);
  if (repaired === 0 && watchFailures === 0 && named.length === 0) return counters;
  const before = counters.events ?? {};
  return {
    ...counters,
    repaired: (counters.repaired ?? 0) + repaired,
    watchFailures: (counters.watchFailures ?? 0) + watchFailures,
    events: {
      ...before,
      ...Object.fromEntries(named.map(([name, count]) => [name, (before[name] ?? 0) + count])),
    },
  };
};

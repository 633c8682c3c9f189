import type { WatchTally } from "./follower.ts";
import type { Counts } from "./kubernetes/counts.ts";

/** Counts what the watches of this process tell, until somebody takes it. */
export const createWatchCounts = (): Counts & WatchTally => {
  const events = new Map<string, Record<string, number>>();
  let failures = 0;
  return {
    event: ({ id }, role, event) => {
      const own = events.get(id) ?? {};
      events.set(id, own);
      const name = `${role} ${event}`;
      own[name] = (own[name] ?? 0) + 1;
    },
    failure: () => {
      failures += 1;
    },
    take: (provider) => {
      const taken = { events: events.get(provider) ?? {}, failures };
      events.delete(provider);
      failures = 0;
      return taken;
    },
  };
};

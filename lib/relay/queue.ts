import type { SourceChange } from "../discovery/follower.ts";

/** Changes that wait to be announced, one for each source. Times are Unix milliseconds. */
export interface Queue {
  add(change: SourceChange, now: number): void;
  /** When the next one of a provider that is ready is due; Infinity when there is none. */
  nextAt(isReady: IsReady): number;
  /** What is due (or, if asked, everything) of the providers that are ready, by provider's id. Takes it out, a few hundred at most. */
  take(now: number, isReady: IsReady, which?: "due" | "everything"): Map<string, SourceChange[]>;
  /** What could not be announced waits on, unless its source has changed again meanwhile. */
  putBack(changes: readonly SourceChange[], now: number): void;
}

export type IsReady = (provider: string) => boolean;

/**
 * The first change to a source that was quiet is due a moment later, so that what comes with it shares its request; changes within
 * a tenth of a second after an announcement are due together when that is over.
 */
export const createQueue = (): Queue => {
  const waiting = new Map<string, Waiting>();
  const sent = new Map<string, number>();
  const put = (change: SourceChange, dueAt: number) => {
    const key = keyOf(change);
    const before = waiting.get(key);
    waiting.set(key, { change, dueAt: Math.min(dueAt, before?.dueAt ?? dueAt) });
  };
  return {
    add: (change, now) => {
      put(change, Math.max(now + gather, (sent.get(keyOf(change)) ?? Number.NEGATIVE_INFINITY) + quiet));
    },
    nextAt: (isReady) => {
      let next = Number.POSITIVE_INFINITY;
      for (const { change, dueAt } of waiting.values()) {
        if (dueAt < next && isReady(change.provider.id)) next = dueAt;
      }
      return next;
    },
    take: (now, isReady, which = "due") => {
      forget(sent, now - quiet);
      const until = which === "due" ? now : Number.POSITIVE_INFINITY;
      const due = [...waiting]
        .filter(([, one]) => one.dueAt <= until && isReady(one.change.provider.id))
        .slice(0, most);
      for (const [key] of due) {
        waiting.delete(key);
        sent.delete(key);
        sent.set(key, now);
      }
      return Map.groupBy(
        due.map(([, { change }]) => change),
        ({ provider }) => provider.id,
      );
    },
    putBack: (changes, now) => {
      for (const change of changes) if (!waiting.has(keyOf(change))) put(change, now);
    },
  };
};

/** Milliseconds in which changes to one source become one event (issue 3, item 7). */
const quiet = 100;
/** Milliseconds; a change of one object touches several sources, one call after the other. */
const gather = 3;
/** Changes at a time, so that a flood leaves room for whatever else is due. */
const most = 500;

interface Waiting {
  readonly change: SourceChange;
  readonly dueAt: number;
}

const keyOf = ({ provider, source }: SourceChange) => `${provider.id} ${source}`;

/** Entries are in the order of their times. */
const forget = (sent: Map<string, number>, before: number) => {
  for (const [key, at] of sent) {
    if (at > before) return;
    sent.delete(key);
  }
};

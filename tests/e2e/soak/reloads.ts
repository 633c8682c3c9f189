import { type Befallen, givingUp } from "./blame.ts";
import type { FaultKind } from "./fault.ts";

/** A time for which every reload was refused, or cut off. Unix milliseconds. */
export interface Refused {
  readonly since: number;
  /** The end of the last of them. */
  readonly until: number;
  readonly count: number;
  /** What was said to the last of them. */
  readonly because: string;
}

/** Reloads that were asked for, and what became of them. */
export interface Reloads {
  /** Asks for one; never rejects. */
  ask(reload: () => Promise<{ readonly status: number; readonly text: string }>): Promise<void>;
  readonly refused: readonly Refused[];
  counts(): { readonly reloads: number; readonly reloadsRefused: number };
}

export const createReloads = (now: () => number = Date.now): Reloads => {
  const refused: Refused[] = [];
  let asked = 0;
  let wasRefused = false;
  return {
    ask: async (reload) => {
      const from = now();
      asked += 1;
      const because = await reload().then(
        ({ status, text }) => (status === 200 ? undefined : `${status} ${text}`),
        (error: unknown) => String(error),
      );
      if (because !== undefined) {
        const before = wasRefused ? refused.pop() : undefined;
        const { since = from, count = 0 } = before ?? {};
        refused.push({ since, until: now(), count: count + 1, because });
      }
      wasRefused = because !== undefined;
    },
    refused,
    counts: () => ({ reloads: asked, reloadsRefused: refused.reduce((sum, { count }) => sum + count, 0) }),
  };
};

/** Those that went on for longer than a fault explains, one line each. */
export const unexplainedRefusals = (refused: readonly Refused[], befallen: readonly Befallen[]): string[] => {
  const excuses = befallen
    .filter(({ kind }) => mayRefuse.has(kind.where))
    .map(({ from, until }) => ({ from, until: until + givingUp }))
    .toSorted((one, other) => one.from - other.from);
  return refused.flatMap(({ since, until, count, because }) => {
    const unexplained = outside(since, until, excuses);
    if (unexplained <= longest) return [];
    const seconds = Math.round(unexplained / 1000);
    return [`${count} reloads were refused, for ${seconds} s without a fault that explains it: ${because}`];
  });
};

/** A reload reads the files and the table and asks the bus; no cluster has a say in it. */
const mayRefuse: ReadonlySet<FaultKind["where"]> = new Set([
  ...(["bus", "queue", "table", "program", "configuration", "several"] as const),
]);

/** Milliseconds; one is asked for every five seconds. */
const longest = 30_000;

/** Of that time what lies in none of the spans, which are in the order in which they begin. */
const outside = (since: number, until: number, spans: readonly { from: number; until: number }[]): number => {
  let [seen, left] = [since, 0];
  for (const span of spans) {
    left += Math.max(0, Math.min(span.from, until) - seen);
    seen = Math.max(seen, span.until);
  }
  return left + Math.max(0, until - seen);
};

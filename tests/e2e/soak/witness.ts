import * as z from "zod";
import type { ApiServer } from "../../../local/demo/apiserver.ts";
import { type Kind, kinds, type Lines, servedIn, truthOf } from "../crash/truth.ts";
import type { Rollcall } from "../rollcall.ts";

/** A cluster whose lists are watched. */
export interface Watched {
  readonly server: ApiServer;
  /** Of its jobs' names. */
  readonly prefix: string;
  /** Milliseconds that a list may be behind without anybody's being at fault: it is looked at so often. */
  readonly patience: number;
}

/** A source that a list was wrong about for longer than patience. Unix milliseconds. */
export interface Wrong {
  readonly job: string;
  readonly source: string;
  readonly since: number;
  /** Undefined while it still is. */
  readonly until?: number;
}

export interface Witness {
  /** Reads every list once. */
  look(rollcall: Pick<Rollcall, "list">): Promise<void>;
  /** What breaks a promise whatever else goes on; one line each. */
  readonly violations: readonly string[];
  /** Sources that lists were wrong about, oldest first. */
  readonly wrongs: readonly Wrong[];
  /** Those that lists have been wrong about for longer than patience, and still are. */
  behind(): readonly Wrong[];
  looks(): { readonly lists: number; readonly refused: number };
}

/**
 * Holds what is served against the clusters' truth, all the time. A line is an address with the numbers of the states it was made of, and
 * numbers never come twice, so two things can never be right: a line that is away although it was served and has been true ever since,
 * and a line that is back after it was away.
 */
export const createWitness = (clusters: readonly Watched[]): Witness => {
  const violations: string[] = [];
  const wrongs: Wrong[] = [];
  const states = new Map<string, JobState>();
  let lists = 0;
  let refused = 0;
  const judge = (seen: Seen) => {
    const state = states.get(seen.job) ?? newState(seen.patience);
    states.set(seen.job, state);
    for (const line of judgeLines(state, seen)) violations.push(`${seen.job}: ${line}`);
    wrongs.push(...judgeSources(state, seen));
  };
  const lookAt = async (
    rollcall: Pick<Rollcall, "list">,
    { server, prefix, patience }: Watched,
    kind: Kind,
  ) => {
    const before = truthOf(server)[kind];
    const groups = await rollcall.list(`${prefix}${kind}`).catch((error: unknown) => {
      // A refusal or an end keeps what a scraper had; an answer of another shape takes it.
      if (error instanceof SyntaxError || error instanceof z.ZodError)
        violations.push(`${prefix}${kind}: answered with no list: ${error.message}`);
    });
    if (groups === undefined) {
      refused += 1;
      return;
    }
    lists += 1;
    const served = servedIn(groups, kind);
    judge({
      job: `${prefix}${kind}`,
      before,
      after: truthOf(server)[kind],
      served,
      patience,
      now: Date.now(),
    });
  };
  return {
    look: async (rollcall) => {
      for (const cluster of clusters) for (const kind of kinds) await lookAt(rollcall, cluster, kind);
    },
    violations,
    wrongs,
    behind: () => {
      const now = Date.now();
      return [...states].flatMap(([job, { wrong, patience }]) =>
        [...wrong]
          .filter(([, since]) => now - since > patience)
          .map(([source, since]) => ({ job, source, since })),
      );
    },
    looks: () => ({ lists, refused }),
  };
};

interface JobState {
  /** Lines of the last list. */
  served: ReadonlySet<string>;
  /** Lines that were served and then were not. */
  readonly gone: Set<string>;
  /** Since when the list is wrong about a source. */
  readonly wrong: Map<string, number>;
  readonly patience: number;
}

/** A service that is away has no number, and may be away twice. */
const mayRecur = (line: string) => line.endsWith(" none");

const newState = (patience: number): JobState => ({
  served: new Set(),
  gone: new Set(),
  wrong: new Map(),
  patience,
});

interface Seen {
  readonly job: string;
  /** The truth before and after the list was read. */
  readonly before: Lines;
  readonly after: Lines;
  readonly served: Lines;
  readonly patience: number;
  readonly now: number;
}

const judgeLines = (state: JobState, { before, after, served }: Seen): string[] => {
  const now = new Set([...served.values()].flat());
  const wasTrue = new Set([...before.values()].flat());
  const isTrue = new Set([...after.values()].flat());
  const said: string[] = [];
  for (const line of state.served) {
    if (now.has(line) || mayRecur(line)) continue;
    if (wasTrue.has(line) && isTrue.has(line)) said.push(`lost ${line}, which was served and is true`);
    state.gone.add(line);
  }
  for (const line of now) {
    if (state.gone.has(line) && !state.served.has(line)) said.push(`revived ${line}, which was gone`);
  }
  state.served = now;
  return said;
};

/** Those that the list was wrong about for longer than patience, and is not any more. */
const judgeSources = (state: JobState, { job, before, after, served, patience, now }: Seen): Wrong[] => {
  const mended: Wrong[] = [];
  for (const source of new Set([...before.keys(), ...after.keys(), ...served.keys()])) {
    const lines = textOf(served.get(source));
    const isRight = lines === textOf(before.get(source)) || lines === textOf(after.get(source));
    const since = state.wrong.get(source);
    if (!isRight) state.wrong.set(source, since ?? now);
    else if (since !== undefined) {
      state.wrong.delete(source);
      if (now - since > patience) mended.push({ job, source, since, until: now });
    }
  }
  for (const [source, since] of state.wrong) {
    // Neither there nor served any more: whatever was wrong is over.
    if (before.has(source) || after.has(source) || served.has(source)) continue;
    state.wrong.delete(source);
    if (now - since > patience) mended.push({ job, source, since, until: now });
  }
  return mended;
};

const textOf = (lines: readonly string[] = []) => [...lines].sort().join("\n");

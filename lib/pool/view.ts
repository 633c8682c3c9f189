import { createHash } from "node:crypto";
import type { Entry, Held, Known, PoolIndex, PoolReader } from "./pool.ts";
import { supersedes } from "./reducer.ts";

/** The pool as `serve` keeps it warm. */
export interface View {
  /** At most as old as this call, or as the refresh that was under way. Rejects when the pool cannot be read; what was known stays for the next call. */
  groups(provider: string): Promise<ProviderView>;
  /** Forgets every other provider, so that what left the configuration leaves memory. */
  keepOnly(providers: ReadonlySet<string>): void;
}

/** Never changes: a later state is another object. */
export interface ProviderView {
  /** Grows in this process with every state that differs. It is not the pool's own generation, which other processes share. */
  readonly generation: number;
  readonly entries: ReadonlyMap<string, Live>;
  /** Of all entries together: the same in every process that knows the same groups, another as soon as one differs. Made once. */
  digest(): string;
  /** By source, in the order of code units; sorted once. */
  sorted(): readonly Live[];
}

export type Live = Entry & { readonly group: NonNullable<Entry["group"]> };

/**
 * A refresh reads the provider's generation, and only when that moved what moved since the last read. Every five
 * minutes the whole index is compared, so that nothing missed stays missed. Concurrent callers share one refresh.
 */
export const createView = (pool: PoolReader & PoolIndex, clock: () => number): View => {
  const states = new Map<string, State>();
  const underWay = new Map<string, Promise<State>>();
  const refresh = async (provider: string): Promise<State> => {
    try {
      const state = await nextState({ pool, provider, clock }, states.get(provider));
      states.set(provider, state);
      return state;
    } finally {
      underWay.delete(provider);
    }
  };
  return {
    groups: async (provider) => {
      const running = underWay.get(provider) ?? refresh(provider);
      underWay.set(provider, running);
      return (await running).view;
    },
    keepOnly: (providers) => {
      for (const provider of states.keys()) if (!providers.has(provider)) states.delete(provider);
    },
  };
};

/** A view of these entries, tombstones left out. */
export const viewOfEntries = (all: readonly Entry[], generation = 0): ProviderView => {
  const entries = new Map(all.filter(isLive).map((entry) => [entry.source, entry]));
  return viewOf({ generation, entries });
};

/** Milliseconds of overlap: batches commit out of order, and clocks differ (design §3.3). */
const overlap = 30_000;
/** Milliseconds between comparisons of the whole index. */
const checkEvery = 300_000;

interface State {
  readonly view: ProviderView;
  /** The pool's generation that this state has at least. */
  readonly generation: number;
  /** When the last read of what moved began: until then nothing was missed but for the overlap. */
  readonly readAt: number;
  readonly checkedAt: number;
}

interface Source {
  readonly pool: PoolReader & PoolIndex;
  readonly provider: string;
  readonly clock: () => number;
}

const nextState = async (source: Source, last: State | undefined): Promise<State> => {
  const { pool, provider, clock } = source;
  const now = clock();
  // Read before the groups, so that a generation is never ahead of what is known of it.
  const generation = (await pool.generations([provider])).get(provider) ?? 0;
  if (last === undefined) return readAll(source, { generation, now, after: 0 });
  // A generation that went back is another table, or an older state of it.
  if (generation < last.generation) return readAll(source, { generation, now, after: last.view.generation });
  const moved = last.generation === generation ? last : await readMoved(source, last, { generation, now });
  return now - last.checkedAt < checkEvery ? moved : check(source, moved, { generation, now });
};

interface Reading {
  readonly generation: number;
  /** The clock before anything was read. */
  readonly now: number;
}

const readAll = async (
  { pool, provider }: Source,
  { generation, now, after }: Reading & { after: number },
) => {
  return {
    view: viewOfEntries(await pool.all(provider), after + 1),
    generation,
    readAt: now,
    checkedAt: now,
  };
};

const readMoved = async (source: Source, last: State, { generation, now }: Reading): Promise<State> => {
  const isKnown: Known = (name, version) => {
    const entry = last.view.entries.get(name);
    return entry !== undefined && !supersedes(version, entry.version);
  };
  const moved = await source.pool.moved(source.provider, last.readAt - overlap, isKnown);
  return { ...last, view: withMoved(last.view, moved), generation, readAt: now };
};

/** The index is read after the state it is compared with, so what differs is caught up with before it counts as missed. */
const check = async (source: Source, state: State, reading: Reading): Promise<State> => {
  const index = await source.pool.index(source.provider);
  const differing = differingIn(index, state.view.entries);
  if (differing.length === 0) return { ...state, checkedAt: reading.now };
  const caughtUp = await readMoved(source, state, reading);
  if (!differing.some(differs(index, caughtUp.view.entries))) return { ...caughtUp, checkedAt: reading.now };
  return readAll(source, { ...reading, after: state.view.generation });
};

/** Without a list of all there is: of a large provider that would keep others waiting. */
const differingIn = (index: ReadonlyMap<string, Held>, entries: ProviderView["entries"]): string[] => {
  const differing: string[] = [];
  const isOther = differs(index, entries);
  for (const names of [index.keys(), entries.keys()])
    for (const source of names) if (isOther(source)) differing.push(source);
  return differing;
};

/** Whether the index knows something of the source that the entries do not. */
const differs =
  (index: ReadonlyMap<string, Held>, entries: ProviderView["entries"]) =>
  (source: string): boolean => {
    const held = index.get(source);
    const entry = entries.get(source);
    if (held === undefined) return entry !== undefined;
    return entry === undefined ? !held.removed : supersedes(held.version, entry.version);
  };

const withMoved = (view: ProviderView, moved: readonly Entry[]): ProviderView => {
  const news = moved.filter((entry) => changes(view.entries.get(entry.source), entry));
  if (news.length === 0) return view;
  const entries = new Map(view.entries);
  for (const entry of news) {
    if (isLive(entry)) entries.set(entry.source, entry);
    else entries.delete(entry.source);
  }
  return viewOf({ generation: view.generation + 1, entries }, orders.get(view));
};

const changes = (known: Live | undefined, arriving: Entry): boolean =>
  known === undefined ? isLive(arriving) : supersedes(arriving.version, known.version);

const isLive = (entry: Entry): entry is Live => entry.group !== undefined;

/** Of views that were asked for it. Not in the view, or each would hold on to all that came before it. */
const orders = new WeakMap<ProviderView, readonly Live[]>();

/** What was in order `before` stays so: only what is new to it is put into its place. */
const viewOf = (state: Omit<ProviderView, "sorted" | "digest">, before?: readonly Live[]): ProviderView => {
  const { entries } = state;
  let earlier = before;
  let digest: string | undefined;
  const view: ProviderView = {
    ...state,
    digest: () => {
      digest ??= digestOf(view.sorted());
      return digest;
    },
    sorted: () => {
      const known = orders.get(view);
      if (known !== undefined) return known;
      const ordered =
        earlier === undefined ? [...entries.values()].sort(bySource) : reorder(earlier, entries);
      orders.set(view, ordered);
      earlier = undefined;
      return ordered;
    },
  };
  return view;
};

/** All in order, and no sum of parts: whoever may create pods could choose them so that they cancel each other out. */
const digestOf = (entries: readonly Live[]): string => {
  const digest = createHash("sha256");
  for (const { source, hash } of entries) digest.update(`${source}\0${hash}\0`);
  return digest.digest("base64url");
};

const bySource = (a: Live, b: Live) => (a.source < b.source ? -1 : 1);

const reorder = (before: readonly Live[], entries: ReadonlyMap<string, Live>): readonly Live[] => {
  const left = new Map(entries);
  const kept = before.flatMap(({ source }) => {
    const entry = left.get(source);
    left.delete(source);
    return entry ?? [];
  });
  const added = [...left.values()].sort(bySource);
  return added.length === 0 ? kept : merge(kept, added);
};

const merge = (a: readonly Live[], b: readonly Live[]): Live[] => {
  const merged: Live[] = [];
  let next = 0;
  for (const entry of a) {
    while (next < b.length && bySource(b[next]!, entry) < 0) merged.push(b[next++]!);
    merged.push(entry);
  }
  return [...merged, ...b.slice(next)];
};

import { isDeepStrictEqual } from "node:util";
import type { TargetGroupChanged } from "../targetgroup/event.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import { compressGroup } from "./body.ts";
import type { ReducerLag } from "./lag.ts";
import type { Entry, Held, Pool, State } from "./pool.ts";
import type { Rebuilds } from "./rebuild.ts";
import { supersedes, tombstoneLife } from "./reducer.ts";
import type { Releases } from "./release.ts";
import type { ProviderStatus, Statuses } from "./status.ts";
import { versionText } from "./versiontext.ts";

/** The pool in this process, by the rule itself; unit tests run on it. */
export const createMemoryPool = (clock: () => number = Date.now): Pool => {
  const groups = new Map<string, Map<string, Stored>>();
  const generations = new Map<string, number>();
  const storedOf = (provider: string) => [...(groups.get(provider)?.values() ?? [])].filter(isKept(clock()));
  const put = (event: TargetGroupChanged, group: TargetGroup, previous?: string) => {
    const sources = groups.get(event.provider) ?? new Map<string, Stored>();
    groups.set(event.provider, sources);
    const { version, hash } = event;
    const kept = event.change === "removed" ? undefined : structuredClone(group);
    const replaced = previous === undefined ? {} : { previous };
    sources.set(group.source, {
      source: group.source,
      version,
      hash,
      group: kept,
      moved: clock(),
      ...replaced,
    });
  };
  return {
    offer: async (event, group) => {
      const held = groups.get(event.provider)?.get(group.source);
      if (!supersedes(event.version, held?.version)) return "stale";
      put(event, group);
      return "applied";
    },
    states: async (names) =>
      names.map(({ provider, source }) => {
        const stored = groups.get(provider)?.get(source);
        return stored && stateOf(stored);
      }),
    replace: async (event, group, { of }) => {
      const held = groups.get(event.provider)?.get(group.source);
      if (!isDeepStrictEqual(held?.version, of?.version)) return "moved";
      put(event, group, versionText(of?.version));
      return "applied";
    },
    bump: async (provider) => {
      generations.set(provider, (generations.get(provider) ?? 0) + 1);
    },
    index: async (provider) => new Map(storedOf(provider).map((stored) => [stored.source, heldOf(stored)])),
    generations: async (providers) =>
      new Map(providers.map((provider) => [provider, generations.get(provider) ?? 0])),
    all: async (provider) =>
      storedOf(provider)
        .filter(({ group }) => group !== undefined)
        .map(entryOf),
    unreadable: async () => [],
    drop: async () => undefined,
    moved: async (provider, since, isKnown = () => false) =>
      storedOf(provider)
        .filter(({ source, version, moved }) => moved >= since && !isKnown(source, version))
        .map(entryOf),
  };
};

/** Statuses in this process. */
export const createMemoryStatuses = (): Statuses => {
  const statuses = new Map<string, ProviderStatus>();
  return {
    list: async () => [...statuses.values()].sort((a, b) => (a.provider < b.provider ? -1 : 1)),
    put: async (status) => {
      statuses.set(status.provider, structuredClone(status));
    },
    remove: async (provider) => {
      statuses.delete(provider);
    },
  };
};

/** Releases in this process. */
export const createMemoryReleases = (): Releases => {
  const releases = new Map<string, number>();
  return {
    release: async (provider, since) => {
      releases.set(provider, since);
    },
    released: async (provider) => releases.get(provider),
  };
};

/** Rebuilds in this process. */
export const createMemoryRebuilds = (): Rebuilds => {
  const epochs = new Map<string, number>();
  return {
    ask: async (provider, epoch) => {
      epochs.set(provider, epoch);
    },
    asked: async () => new Map(epochs),
  };
};

/** The reducer's lag in this process. */
export const createMemoryLag = (clock: () => number): ReducerLag => {
  let latest: { seconds: number; at: number } | undefined;
  return {
    record: async (seconds) => {
      latest = { seconds, at: clock() };
    },
    read: async () => latest,
  };
};

interface Stored extends Entry {
  readonly moved: number;
  readonly previous?: string;
}

const isKept =
  (now: number) =>
  ({ group, moved }: Stored) =>
    group !== undefined || moved + tombstoneLife > now;

const heldOf = ({ version, hash, group }: Stored): Held => ({
  version,
  hash,
  removed: group === undefined,
  targets: group?.targets.length ?? 0,
});

const stateOf = (stored: Stored): State => ({
  ...heldOf(stored),
  place: stored.group && { body: compressGroup(stored.group) },
  ...(stored.previous !== undefined && { previous: stored.previous }),
});

const entryOf = ({ source, version, hash, group }: Stored): Entry => ({ source, version, hash, group });

import type { Announced } from "../announce/announce.ts";
import type { Change } from "../announce/compare.ts";
import type { Held } from "../pool/pool.ts";
import { isLater, type Version } from "../targetgroup/event.ts";
import { contentHash } from "../targetgroup/hash.ts";

/**
 * What the pool holds of one provider, or will hold once what this relay announced has arrived. Changes are compared
 * with it, since the pool itself is read only now and then and is always a little behind.
 */
export interface Mirror {
  /** By source; live. Removed sources stay until a reading of the pool has confirmed them. */
  readonly held: ReadonlyMap<string, Held>;
  /** Whether the pool was ever read into it; until then it knows nothing. */
  isRead(): boolean;
  /** Sources with targets that the pool itself had when it was read last. */
  applied(): number;
  /** The bus took these. */
  announced(announced: readonly Announced[], now: number): void;
  /**
   * The bus may or may not have taken these, with `version` at most. Whatever their sources turn out to be differs
   * from that, so that it is announced again.
   */
  doubted(changes: readonly Change[], version: Version, now: number): void;
  /**
   * Takes over what the pool holds, but for what was announced less than `patience` milliseconds before the reading
   * began and is later than what was read: that is on its way. What is older and still missing was lost; the next look
   * finds the difference (promise 5). Returns how many sources the pool has otherwise than was announced.
   */
  refresh(index: ReadonlyMap<string, Held>, reading: Reading): number;
}

export interface Reading {
  /** When it began, Unix milliseconds. */
  readonly at: number;
  readonly patience: number;
}

/** The mirrors of one cluster's providers; they outlive a time slice, as long as the process does. */
export interface Mirrors {
  of(provider: string): Mirror;
  keepOnly(providers: ReadonlySet<string>): void;
}

export const createMirrors = (): Mirrors => {
  const mirrors = new Map<string, Mirror>();
  return {
    of: (provider) => {
      const mirror = mirrors.get(provider) ?? createMirror();
      mirrors.set(provider, mirror);
      return mirror;
    },
    keepOnly: (providers) => {
      for (const provider of mirrors.keys()) if (!providers.has(provider)) mirrors.delete(provider);
    },
  };
};

export const createMirror = (): Mirror => {
  let held = new Map<string, Mirrored>();
  let applied: number | undefined;
  return {
    get held() {
      return held;
    },
    isRead: () => applied !== undefined,
    applied: () => applied ?? 0,
    announced: (announced, now) => {
      for (const { change, version } of announced)
        held.set(change.group.source, mirrored(change, version, now));
    },
    doubted: (changes, version, now) => {
      for (const { group } of changes) held.set(group.source, doubtful(held.get(group.source), version, now));
    },
    refresh: (index, reading) => {
      const next = liveIn(index);
      const isFirst = applied === undefined;
      applied = next.size;
      let lost = 0;
      for (const [source, mine] of held) {
        const theirs = index.get(source);
        if (isOnItsWay(mine, theirs, reading)) next.set(source, mine);
        else if (isLost(mine, theirs)) {
          lost += 1;
          // It may yet arrive: should the source be gone by now, only a removal keeps it from coming to life.
          if (!next.has(source)) next.set(source, doubtful(mine, mine.version, mine.at));
        }
      }
      held = next;
      return isFirst ? 0 : lost;
    },
  };
};

/** Without a list of all there is: of a large provider that would keep others waiting. */
const liveIn = (index: ReadonlyMap<string, Held>): Map<string, Mirrored> => {
  const live = new Map<string, Mirrored>();
  for (const [source, held] of index) if (!held.removed) live.set(source, held);
  return live;
};

interface Mirrored extends Held {
  /** When this relay announced it, Unix milliseconds; absent for what was read from the pool. */
  readonly at?: number | undefined;
}

const mirrored = ({ kind, group }: Change, version: Version, at: number): Mirrored => ({
  version,
  hash: contentHash(group),
  removed: kind === "removed",
  targets: group.targets.length,
  at,
});

/** No content has this hash. */
const doubtful = (before: Held | undefined, version: Version, at?: number): Mirrored => ({
  version,
  hash: "",
  removed: false,
  targets: before?.targets ?? 0,
  at,
});

const isOnItsWay = (mine: Mirrored, theirs: Held | undefined, { at, patience }: Reading) =>
  mine.at !== undefined &&
  at - mine.at < patience &&
  (theirs === undefined || isLater(mine.version, theirs.version));

/** Announced, not on its way any more, and the pool has an older version or none. */
const isLost = (mine: Mirrored, theirs: Held | undefined) =>
  mine.at !== undefined && (theirs === undefined || isLater(mine.version, theirs.version));

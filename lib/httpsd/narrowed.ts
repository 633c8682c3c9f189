import { createHash } from "node:crypto";
import { setImmediate as othersTurn } from "node:timers/promises";
import type { Job } from "../config/configuration.ts";
import type { Live } from "../pool/view.ts";
import { jobIdentity } from "../scrapepool/identity.ts";
import { readScrapePool, type ScrapePool, type Views } from "../scrapepool/scrapepool.ts";
import { createTurns, mostSelecting } from "../turns.ts";
import type { Narrowing } from "./narrowing.ts";
import { createPartMaker, type Part, type PartMaker } from "./part.ts";
import { cutPieces, joinPieces, type Piece } from "./pieces.ts";

/** What a list is narrowed from. */
export interface Whole {
  readonly views: Views;
  readonly tag: string;
}

export interface Asked {
  readonly job: Job;
  readonly narrowing: Narrowing;
}

export interface NarrowedList {
  /** The list's bytes in order, `[]` for none. */
  readonly pieces: readonly Uint8Array[];
  /** What a relabelled list leaves out, of the whole job, not only of the shard or of what is selected. */
  readonly leftOut: { readonly dropped: number; readonly failed: number } | undefined;
}

export interface NarrowedLimits {
  /** Of all lists that are kept rendered, what is known of their groups included; the one read last is kept in any case. */
  readonly bytes: number;
  readonly lists: number;
}

/** Another as soon as the narrowed list's content is, and the same in every process; it may change when the content does not. */
export const narrowedTag = (whole: Whole, { job, narrowing }: Asked): string =>
  createHash("sha256")
    .update(JSON.stringify(["narrowed 1", whole.tag, jobIdentity(job), narrowing.key]))
    .digest("base64url")
    .slice(0, 22);

/**
 * Parts of a job's list for fleets of scrapers: a shard, what selectors select, final targets, or all of that at once.
 * Each that was asked for lately stays rendered, and one changed group costs one piece of it.
 */
export const createNarrowedLists = (limits: NarrowedLimits = usual) => {
  const variants = new Map<string, Variant>();

  const take = (whole: Whole, asked: Asked): Variant => {
    const { job, narrowing } = asked;
    const key = JSON.stringify([job.name, [...whole.views.keys()], narrowing.key]);
    const known = variants.get(key);
    variants.delete(key);
    const variant = known?.job === job ? known : newVariant(job);
    variants.set(key, variant);
    return variant;
  };

  const evict = () => {
    let bytes = 0;
    for (const variant of variants.values()) bytes += variant.bytes;
    for (const [key, variant] of variants) {
      if (variants.size === 1 || (bytes <= limits.bytes && variants.size <= limits.lists)) return;
      variants.delete(key);
      bytes -= variant.bytes;
    }
  };

  let turn: Promise<unknown> = Promise.resolve();
  /** Each in a turn of its own: a whole fleet that comes at once must not keep the process from everything else. */
  const nextTurn = () => {
    turn = turn.then(() => othersTurn());
    return turn;
  };

  return {
    /** Rejects with TooCostlyError when the selectors cost too much. */
    narrow: async (whole: Whole, asked: Asked): Promise<NarrowedList> => {
      const pool = asked.narrowing.relabel ? await readScrapePool(asked.job, whole.views) : undefined;
      if (!isRendered(take(whole, asked), whole.views)) await nextTurn();
      const variant = take(whole, asked);
      const pieces = await upToDate(variant, whole.views, () =>
        render(variant, whole.views, { pool, partOf: createPartMaker(asked.job, asked.narrowing) }),
      );
      evict();
      const leftOut = pool && { dropped: pool.dropped.length, failed: pool.failed.length };
      return { pieces, leftOut };
    },
  };
};

const usual: NarrowedLimits = { bytes: 192 * 1024 * 1024, lists: 256 };

/** One narrowed list, as it was rendered last. */
interface Variant {
  readonly job: Job;
  views: Views;
  /**
   * What is known of the groups of `views`, so that only a changed one is looked at again. Those that are not in the list
   * are not here: of a shard of a big fleet these are nearly all.
   */
  parts: Map<Live, KnownPart>;
  rendered: Map<string, readonly Piece<Part>[]>;
  joined: readonly Uint8Array[];
  bytes: number;
  /** Somebody brings it up to date just now. */
  underWay: Promise<unknown> | undefined;
}

interface KnownPart {
  readonly merged: string;
  /** Undefined: the list has nothing of the group. */
  readonly part: Part | undefined;
}

const newVariant = (job: Job): Variant => ({
  job,
  views: new Map(),
  parts: new Map(),
  rendered: new Map(),
  joined: joinPieces([]),
  bytes: 0,
  underWay: undefined,
});

/** Of many who want the same list one makes it; when that failed, the next one tries. */
const upToDate = async (
  variant: Variant,
  views: Views,
  make: () => Promise<readonly Uint8Array[]>,
): Promise<readonly Uint8Array[]> => {
  for (;;) {
    if (isRendered(variant, views)) return variant.joined;
    if (variant.underWay === undefined) break;
    await variant.underWay;
  }
  const work = make();
  variant.underWay = work.then(
    () => undefined,
    () => undefined,
  );
  try {
    return await work;
  } finally {
    variant.underWay = undefined;
  }
};

interface Rendering {
  readonly pool: ScrapePool | undefined;
  /** Of this question: what its selectors remember of their work ends with it. */
  readonly partOf: PartMaker;
}

const render = async (
  variant: Variant,
  views: Views,
  { pool, partOf }: Rendering,
): Promise<readonly Uint8Array[]> => {
  const parts = await partsOf(variant, views, { pool, partOf });
  const rendered = new Map(
    [...views].map(([id, view]) => {
      const own = view.sorted().flatMap((entry) => parts.get(entry)?.part ?? []);
      return [id, cutPieces(own, variant.rendered.get(id) ?? [], ({ text }) => text())];
    }),
  );
  variant.parts = parts;
  variant.views = views;
  variant.rendered = rendered;
  variant.joined = joinPieces([...rendered.values()].flat());
  variant.bytes = variant.joined.reduce((sum, { length }) => sum + length, parts.size * bytesOfPart);
  return variant.joined;
};

const isRendered = (variant: Variant, views: Views): boolean =>
  variant.views.size > 0 && [...views].every(([id, view]) => variant.views.get(id) === view);

/** What is kept of a group of a list beside its text, as measured. */
const bytesOfPart = 420;

/** What the list has of every group; a costly selector would otherwise keep everybody else waiting. */
const partsOf = async (
  variant: Variant,
  views: Views,
  { pool, partOf }: Rendering,
): Promise<Map<Live, KnownPart>> => {
  const merged = mergedIn(pool);
  const turns = createTurns({ most: mostSelecting });
  const parts = new Map<Live, KnownPart>();
  for (const [id, view] of views) {
    const last = variant.views.get(id)?.entries;
    for (const entry of view.entries.values()) {
      const places = merged.get(entry) ?? none;
      const before = variant.parts.get(entry);
      if (before === undefined && places.length === 0 && last?.get(entry.source) === entry) continue;
      const key = places.join();
      const known = before?.merged === key ? before : { merged: key, part: partOf(entry, places) };
      if (known.part !== undefined || places.length > 0) parts.set(entry, known);
      const others = turns.next();
      if (others !== undefined) await others;
    }
  }
  return parts;
};

const none: readonly number[] = [];

/** Which places of a group another target stands for; found out once for all lists of a pool. */
const mergedIn = (pool: ScrapePool | undefined): ReadonlyMap<Live, readonly number[]> => {
  if (pool === undefined) return new Map();
  const known = mergedPlaces.get(pool);
  if (known !== undefined) return known;
  const places = new Map<Live, number[]>();
  for (const { entry, index } of pool.merged.keys()) {
    const own = places.get(entry);
    if (own === undefined) places.set(entry, [index]);
    else own.push(index);
  }
  mergedPlaces.set(pool, places);
  return places;
};

const mergedPlaces = new WeakMap<ScrapePool, ReadonlyMap<Live, readonly number[]>>();

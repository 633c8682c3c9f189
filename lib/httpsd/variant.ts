import type { Job } from "../config/configuration.ts";
import type { Live, ProviderView } from "../pool/view.ts";
import type { ScrapePool, Views } from "../scrapepool/scrapepool.ts";
import { createTurns, mostSelecting } from "../turns.ts";
import { mergedIn } from "./merged.ts";
import type { Narrowing } from "./narrowing.ts";
import { createPartMaker, type Part } from "./part.ts";
import { cutPieces, joinPieces, type Piece, sizeOf } from "./pieces.ts";
import { groupsInShard } from "./shard.ts";

/** One narrowed list, as it was rendered last. */
export interface Variant {
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

export const newVariant = (job: Job): Variant => ({
  job,
  views: new Map(),
  parts: new Map(),
  rendered: new Map(),
  joined: [...joinPieces([])],
  bytes: 0,
  underWay: undefined,
});

/** Of many who want the same list one makes it; when that failed, the next one tries. */
export const upToDate = async (
  variant: Variant,
  views: Views,
  wanted: Wanted,
): Promise<readonly Uint8Array[]> => {
  for (;;) {
    if (isRendered(variant, views)) return variant.joined;
    if (variant.underWay === undefined) break;
    await variant.underWay;
  }
  const work = render(variant, views, wanted);
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

/** What somebody asked for, and the targets as relabelled where that is part of it. */
export interface Wanted {
  readonly pool: ScrapePool | undefined;
  readonly narrowing: Narrowing;
}

/** Those that may be in the list, in its order. */
const groupsIn = (view: ProviderView, { shard }: Narrowing): readonly Live[] =>
  shard === undefined ? view.sorted() : groupsInShard(view, shard);

const render = async (variant: Variant, views: Views, wanted: Wanted): Promise<readonly Uint8Array[]> => {
  const parts = await partsOf(variant, views, wanted);
  const rendered = new Map(
    [...views].map(([id, view]) => {
      const own = groupsIn(view, wanted.narrowing).flatMap((entry) => parts.get(entry)?.part ?? []);
      return [id, cutPieces(own, variant.rendered.get(id) ?? [], ({ text }) => text())];
    }),
  );
  variant.parts = parts;
  variant.views = views;
  variant.rendered = rendered;
  variant.joined = [...joinPieces([...rendered.values()].flat())];
  variant.bytes = sizeOf(variant.joined) + parts.size * bytesOfPart;
  return variant.joined;
};

export const isRendered = (variant: Variant, views: Views): boolean =>
  variant.views.size > 0 && [...views].every(([id, view]) => variant.views.get(id) === view);

/** What is kept of a group of a list beside its text, as measured. */
const bytesOfPart = 420;

/** What the list has of every group; a costly selector would otherwise keep everybody else waiting. */
const partsOf = async (
  variant: Variant,
  views: Views,
  { pool, narrowing }: Wanted,
): Promise<Map<Live, KnownPart>> => {
  const merged = mergedIn(pool);
  // Of this question: what its selectors remember of their work ends with it.
  const partOf = createPartMaker(variant.job, narrowing);
  const turns = createTurns({ most: mostSelecting });
  const parts = new Map<Live, KnownPart>();
  for (const [id, view] of views) {
    const last = variant.views.get(id)?.entries;
    for (const entry of groupsIn(view, narrowing)) {
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

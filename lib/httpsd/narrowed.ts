import { createHash } from "node:crypto";
import { setImmediate as othersTurn } from "node:timers/promises";
import type { Job } from "../config/configuration.ts";
import { jobIdentity } from "../scrapepool/identity.ts";
import { readScrapePool, type Views } from "../scrapepool/scrapepool.ts";
import type { Narrowing } from "./narrowing.ts";
import { isRendered, newVariant, upToDate, type Variant } from "./variant.ts";

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
      const pieces = await upToDate(variant, whole.views, { pool, narrowing: asked.narrowing });
      evict();
      const leftOut = pool && { dropped: pool.dropped.length, failed: pool.failed.length };
      return { pieces, leftOut };
    },
  };
};

const usual: NarrowedLimits = { bytes: 192 * 1024 * 1024, lists: 256 };

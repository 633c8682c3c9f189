import type { State } from "../pool/pool.ts";
import type { Version } from "../targetgroup/event.ts";
import type { LabelChanges } from "./labels.ts";
import type { Partition } from "./partition.ts";

/**
 * What every source was before each of its changes. An entry is written before the change it tells of, so one whose
 * change then lost a race may stand beside the true one: confirm.ts and past.ts tell them apart.
 */
export interface HistoryLog {
  /** Writing the same again is harmless: an entry is named by the state before and the version after. */
  append(page: Page): Promise<void>;
  /** One partition's marks, newest first, page by page; a page may be empty and not the last. */
  marks(partition: Partition, stretch: Stretch): AsyncGenerator<readonly Mark[]>;
  /** The whole entries, in the order of the marks; those that have gone are left out. */
  changes(marks: readonly Mark[]): Promise<Change[]>;
  /** The state that this change left, as an entry about its replacement knows it; `now` bounds the search. */
  successorOf(change: Change, now: number): Promise<State | undefined>;
  /** Everybody with a change in the retention. */
  owners(): Promise<Owner[]>;
  terms(): Promise<Terms | undefined>;
  putTerms(terms: Terms): Promise<void>;
}

export interface Page {
  readonly changes: readonly Change[];
  readonly owners: readonly Owner[];
  /** Milliseconds that each is kept, from when it happened. */
  readonly retention: number;
  /** Unix milliseconds. */
  readonly now: number;
}

export interface Change {
  readonly provider: string;
  readonly source: string;
  /** When the look or watch saw it, Unix milliseconds: the event says so, hence every retry says the same. */
  readonly at: number;
  readonly version: Version;
  /** Undefined when nothing was held. */
  readonly before: State | undefined;
  readonly after: { readonly hash: string; readonly removed: boolean; readonly targets: number };
  readonly labels: LabelChanges;
}

/** What the index knows of a change. */
export interface Mark {
  readonly partition: Partition;
  /** Names the entry in its partition. */
  readonly key: string;
  readonly source: string;
  readonly at: number;
  readonly version: Version;
  readonly before: Version | undefined;
  /** The change was a removal. */
  readonly removed: boolean;
}

/** Unix milliseconds, both included. */
export interface Stretch {
  readonly since: number;
  readonly until: number;
  /** Begins behind this one. */
  readonly after?: { readonly at: number; readonly key: string };
  /** Only of this source. */
  readonly source?: string;
  /** Marks of a page, roughly. */
  readonly most?: number;
}

/** Who a provider was, since one that left the configuration has a past as well. */
export interface Owner {
  readonly provider: string;
  readonly cluster: string;
  readonly jobs: readonly string[];
}

/** Milliseconds that an owner is remembered longer than its last change may be; it is told anew every half of that. */
export const ownerLife = 24 * 3_600_000;

/** The order of a partition's marks: what was later goes first; of one moment, the higher key. */
export const newestFirst = (a: Pick<Mark, "at" | "key">, b: Pick<Mark, "at" | "key">): number =>
  b.at - a.at || Number(a.key < b.key) - Number(a.key > b.key);

/** Whether a mark of the partition lies in the stretch. */
export const isInStretch =
  ({ since, until, after, source }: Stretch) =>
  (mark: Mark): boolean =>
    mark.at >= since &&
    mark.at <= until &&
    (source === undefined || mark.source === source) &&
    (after === undefined || newestFirst(after, mark) < 0);

/** How long history is kept, as `tick` took it from the accepted settings: all that the reducer has to know of them. */
export interface Terms {
  /** Milliseconds; 0 is no history. */
  readonly retention: number;
  /** From when on nothing is missing, Unix milliseconds. */
  readonly since: number;
}

import type { Blobs } from "../blob/blob.ts";
import type { PoolIndex, PoolReader, PoolStates } from "../pool/pool.ts";
import { type ProviderView, viewOfEntries } from "../pool/view.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import { groupOf } from "./change.ts";
import { confirmed } from "./confirm.ts";
import type { Change, HistoryLog, Owner } from "./log.ts";
import { type PageQuery, type Position, readPage } from "./page.ts";
import { viewAt } from "./past.ts";
import { earliest } from "./terms.ts";

/** What `serve` tells of the past. */
export interface History {
  /** The first moment that can be told, Unix milliseconds; undefined when no history is kept. */
  earliest(): Promise<number | undefined>;
  owners(): Promise<Owner[]>;
  /** A page of what changed, newest first. It may have fewer than asked for and not be the last. */
  changes(query: PageQuery): Promise<{ changes: Change[]; next: Position | undefined }>;
  /** The group that a change took the place of; undefined where nothing was. */
  groupBefore(change: Change): Promise<TargetGroup | undefined>;
  /** A provider's groups as they were. `live` reads those it has now; absent for one that is not looked at any more. */
  viewAt(provider: string, at: number, live?: () => Promise<ProviderView>): Promise<ProviderView>;
}

export interface HistoryParts {
  readonly log: HistoryLog;
  readonly pool: PoolIndex & PoolStates & PoolReader;
  readonly blobs: Blobs;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

export const createHistory = (parts: HistoryParts): History => {
  const { log, pool, clock } = parts;
  return {
    earliest: async () => earliest(await log.terms(), clock()),
    owners: () => log.owners(),
    changes: async (query) => {
      const { marks, next } = await readPage(log, query);
      const changes = await log.changes(marks);
      return { changes: await confirmed(changes.filter(isChange), parts), next };
    },
    groupBefore: async ({ before, source }) => before && groupOf(before, source, parts.blobs),
    viewAt: (provider, at, live = async () => viewOfEntries(await pool.all(provider))) =>
      viewAt(parts, provider, { at, until: clock() + clocksDiffer, live }),
  };
};

/** Milliseconds by which a look's clock may be ahead, generously. */
export const clocksDiffer = 3_600_000;

/** A new holder of the lease may announce again what is held already; targets are the same before and after. */
const isChange = ({ before, after }: Change): boolean =>
  before === undefined || before.removed ? !after.removed : after.removed || before.hash !== after.hash;

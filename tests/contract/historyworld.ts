import assert from "node:assert/strict";
import type { Blobs } from "../../lib/blob/blob.ts";
import { createHistory } from "../../lib/history/history.ts";
import type { Change, HistoryLog } from "../../lib/history/log.ts";
import type { Position } from "../../lib/history/page.ts";
import { createRecorder, type RecordParts } from "../../lib/history/record.ts";
import type { Pool } from "../../lib/pool/pool.ts";
import { viewOfEntries } from "../../lib/pool/view.ts";
import { provider } from "./events.ts";
import { addressesOf, day } from "./historytruth.ts";

export interface HistoryFixture {
  readonly pool: Pool;
  readonly log: HistoryLog;
  readonly blobs: Blobs;
  readonly now: () => number;
  /** Moves the pool's clock, in milliseconds. */
  readonly pass: (milliseconds: number) => void;
}

export type HistoryWorld = ReturnType<typeof createHistoryWorld>;

/** A recorder and what it makes of that fixture, with the questions that tests ask. */
export const createHistoryWorld = (fixture: HistoryFixture) => {
  const { now: clock } = fixture;
  const parts: RecordParts = { ...fixture, clock, retention: async () => 7 * day };
  const history = createHistory({ ...fixture, clock });
  const range = { providers: [provider], since: clock() - 30 * day, until: clock() + 30 * day };
  const live = async () => viewOfEntries(await fixture.pool.all(provider));
  return {
    ...fixture,
    parts,
    history,
    record: createRecorder(parts),
    all: async (source?: string) =>
      (await history.changes({ ...range, most: 1_000, ...(source !== undefined && { source }) })).changes,
    pagesOf: async (most: number, source?: string) => {
      const pages: Change[][] = [];
      for (let after: Position | undefined, more = true; more; more = after !== undefined) {
        const page = await history.changes({
          ...range,
          most,
          ...(after && { after }),
          ...(source !== undefined && { source }),
        });
        pages.push(page.changes);
        assert.ok(pages.length <= 100, "the pages never end");
        after = page.next;
      }
      return pages;
    },
    at: async (moment: number) => addressesOf(await history.viewAt(provider, moment, live)),
  };
};

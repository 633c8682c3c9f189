import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Blobs } from "../../lib/blob/blob.ts";
import { createHistory } from "../../lib/history/history.ts";
import type { Change, HistoryLog } from "../../lib/history/log.ts";
import type { Position } from "../../lib/history/page.ts";
import { createRecorder, type RecordParts } from "../../lib/history/record.ts";
import type { Pool } from "../../lib/pool/pool.ts";
import { viewOfEntries } from "../../lib/pool/view.ts";
import { provider } from "./events.ts";
import { withFates } from "./faults.ts";
import {
  addressesOf,
  chains,
  day,
  deliver,
  fates,
  lanes,
  made,
  nameOf,
  stateOf,
  story,
  visible,
} from "./historytruth.ts";

export interface HistoryFixture {
  readonly pool: Pool;
  readonly log: HistoryLog;
  readonly blobs: Blobs;
  readonly now: () => number;
  /** Moves the pool's clock, in milliseconds. */
  readonly pass: (milliseconds: number) => void;
}

/** What the history promises, whatever keeps it. `runs` bounds the properties where a write is slow. */
export const historyContract = (name: string, makeParts: () => Promise<HistoryFixture>, runs: number) => {
  const makeWorld = async () => {
    const fixture = await makeParts();
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

  describe(`a history on ${name}`, () => {
    test("tells what was added, updated and removed, the newest first", async () => {
      const world = await makeWorld();
      const start = world.now();
      const labels = { team: "shop", old: "yes", kept: "1" };
      await world.record([
        made({ source: "a", sequence: 1, addresses: ["x:1"], labels }, start),
        made(
          {
            source: "a",
            sequence: 2,
            addresses: ["x:1", "y:1"],
            labels: { team: "it", new: "yes", kept: "1" },
          },
          start + 1,
        ),
        made({ source: "a", sequence: 3, addresses: [] }, start + 2),
      ]);
      const told = (await world.all()).map(({ at, before, after, labels: names, version }) => ({
        at: at - start,
        targets: [before?.targets, after.targets],
        removed: [before?.removed, after.removed],
        names,
        sequence: version.sequence,
      }));
      const none = { added: [], removed: [], changed: [] };
      assert.deepEqual(told, [
        { at: 2, targets: [2, 0], removed: [false, true], names: none, sequence: 3 },
        {
          at: 1,
          targets: [1, 2],
          removed: [false, false],
          names: { added: ["new"], removed: ["old"], changed: ["__address__", "team"] },
          sequence: 2,
        },
        { at: 0, targets: [undefined, 1], removed: [undefined, false], names: none, sequence: 1 },
      ]);
    });

    test("gives every change on one page only, although many are of one moment", async () => {
      const world = await makeWorld();
      const moments = [0, 0, 0, 1, 1, 8 * day];
      const offers = Array.from({ length: 40 }, (_, at) =>
        made(
          { source: `pod/${at}`, sequence: at + 1, addresses: ["x:1"] },
          world.now() - 8 * day + moments[at % moments.length]!,
        ),
      );
      await world.record(offers);
      for (const size of [1, 7, 40]) {
        const pages = await world.pagesOf(size);
        assert.ok(pages.every((page) => page.length <= size));
        const times = pages.flat().map(({ at }) => at);
        assert.deepEqual(
          times,
          times.toSorted((a, b) => b - a),
        );
        assert.deepEqual(
          pages
            .flat()
            .map(({ source }) => source)
            .sort(),
          offers.map(({ group }) => group.source).sort(),
        );
      }
    });

    test("tells of one source alone, whatever its name", async () => {
      const world = await makeWorld();
      const sources = ["a", "a#b", `/etc/${"ä".repeat(2_000)}.yml:0`, "sha256:abc"];
      for (const [at, source] of sources.entries()) {
        await world.record([
          made({ source, sequence: at * 2 + 1, addresses: ["x:1"] }, world.now()),
          made({ source, sequence: at * 2 + 2, addresses: ["y:1"] }, world.now() + 1),
        ]);
      }
      for (const source of sources)
        assert.deepEqual(
          (await world.all(source)).map((change) => change.source),
          [source, source],
        );
    });

    test("tells of one source in the order of time, also where it came back after it was forgotten", async () => {
      const world = await makeWorld();
      const start = world.now();
      const life = (first: number, at: number) => [
        made({ source: "a", sequence: first, addresses: ["x:1"] }, at),
        made({ source: "b", sequence: first + 1, addresses: ["x:1"] }, at),
        made({ source: "a", sequence: first + 2, addresses: ["y:1"] }, at + 1),
        made({ source: "a", sequence: first + 3, addresses: [] }, at + 2),
      ];
      await world.record(life(1, start));
      world.pass(3 * day);
      await world.record(life(5, start + 3 * day));
      const expected = [8, 7, 5, 4, 3, 1];
      const sequences = (changes: readonly Change[]) => changes.map(({ version }) => version.sequence);
      assert.deepEqual(sequences(await world.all("a")), expected);
      const pages = await world.pagesOf(2, "a");
      assert.deepEqual(sequences(pages.flat()), expected);
    });

    test("tells a change once that was delivered twice, and nothing of what came too late", async () => {
      const world = await makeWorld();
      const [early, late] = [1, 2].map((sequence) =>
        made({ source: "a", sequence, addresses: [`x:${sequence}`] }, world.now() + sequence),
      );
      await world.record([late!]);
      await world.record([late!, early!, late!]);
      assert.deepEqual(
        (await world.all()).map(({ version }) => version.sequence),
        [2],
      );
    });

    test("tells nothing of a group that was announced again as it was", async () => {
      const world = await makeWorld();
      for (const sequence of [1, 2])
        await world.record([made({ source: "a", sequence, addresses: ["x:1"] }, world.now() + sequence)]);
      await world.record([made({ source: "b", sequence: 3, addresses: [] }, world.now() + 3)]);
      assert.deepEqual(
        (await world.all()).map(({ version }) => version.sequence),
        [1],
      );
      assert.deepEqual(await world.at(world.now() + 1), { a: ["x:1"] });
    });

    test("knows groups again that are larger than an item", async () => {
      const world = await makeWorld();
      const start = world.now();
      const offers = [1, 2].map((sequence) =>
        made(
          {
            source: "big",
            sequence,
            addresses: [`x:${sequence}`],
            labels: { noise: randomBytes(700_000).toString("base64") },
          },
          start + sequence,
        ),
      );
      for (const offer of [...offers, made({ source: "big", sequence: 3, addresses: [] }, start + 3)])
        await world.record([offer]);
      assert.deepEqual(await world.at(start), {});
      assert.deepEqual(await world.at(start + 1), { big: ["x:1"] });
      assert.deepEqual(await world.at(start + 2), { big: ["x:2"] });
      assert.deepEqual(await world.at(start + 3), {});
      assert.deepEqual(
        (await world.all()).map(({ labels }) => labels.changed),
        [[], ["__address__", "noise"], []],
      );
    });

    test("knows a source again whose removal the pool has forgotten", async () => {
      const world = await makeWorld();
      const start = world.now();
      await world.record([
        made({ source: "a", sequence: 1, addresses: ["x:1"] }, start),
        made({ source: "a", sequence: 2, addresses: [] }, start + 1),
      ]);
      world.pass(3 * day);
      assert.equal((await world.pool.index(provider)).size, 0);
      assert.deepEqual(await world.at(start), { a: ["x:1"] });
      assert.deepEqual(await world.at(start + 1), {});
      assert.equal((await world.all()).length, 2);
    });

    test("remembers whose a provider was", async () => {
      const world = await makeWorld();
      await world.record([made({ source: "a", sequence: 1, addresses: ["x:1"] }, world.now())]);
      assert.deepEqual(await world.log.owners(), [{ provider, cluster: "one", jobs: ["pods"] }]);
    });

    test("applies the neighbours of a source whose write fails", async () => {
      const world = await makeWorld();
      const failing: RecordParts = {
        ...world.parts,
        pool: {
          ...world.pool,
          replace: (event, group, instead) =>
            group.source === "a"
              ? Promise.reject(new Error("refused"))
              : world.pool.replace(event, group, instead),
        },
      };
      const results = await createRecorder(failing)(
        ["a", "b"].map((source, at) => made({ source, sequence: at + 1, addresses: ["x:1"] }, world.now())),
      );
      assert.deepEqual(
        results.map(({ status }) => status),
        ["rejected", "fulfilled"],
      );
      assert.deepEqual(
        (await world.all()).map(({ source }) => source),
        ["b"],
      );
    });

    test("applies the neighbours of a source whose entry cannot be written", async () => {
      const world = await makeWorld();
      const failing: RecordParts = {
        ...world.parts,
        log: {
          append: (page) =>
            page.changes.some(({ source }) => source === "a")
              ? Promise.reject(new Error("too large"))
              : world.log.append(page),
        },
      };
      const offers = ["a", "b"].map((source, at) =>
        made({ source, sequence: at + 1, addresses: ["x:1"] }, world.now()),
      );
      const results = await createRecorder(failing)(offers);
      assert.deepEqual(
        results.map(({ status }) => status),
        ["rejected", "fulfilled"],
      );
      assert.deepEqual([...(await world.pool.index(provider)).keys()], ["b"]);
    });

    test("leads back to every state that ever was, whatever is repeated, reordered, raced or dies on the way", async () => {
      await fc.assert(
        fc.asyncProperty(story, fates, lanes, async (changes, steps, width) => {
          const world = await makeWorld();
          const offers = changes.map(({ at, ...change }) => made(change, world.now() + at));
          const faulty = withFates(world.parts, steps);
          await deliver(offers, createRecorder(faulty.parts), width);
          const truth = chains(faulty.applied);
          assert.deepEqual((await world.all()).map(nameOf).sort(), visible(truth).sort());
          for (const moment of new Set(changes.flatMap(({ at }) => [at - 1, at])))
            assert.deepEqual(await world.at(world.now() + moment), stateOf(truth, world.now() + moment));
        }),
        { numRuns: runs },
      );
    });
  });
};

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createRecorder, type RecordParts } from "../../lib/history/record.ts";
import { provider } from "./events.ts";
import { withFates } from "./faults.ts";
import { tellsChanges } from "./historytelling.ts";
import { chains, day, deliver, fates, lanes, made, nameOf, stateOf, story, visible } from "./historytruth.ts";
import { createHistoryWorld, type HistoryFixture } from "./historyworld.ts";

/** What the history promises, whatever keeps it. `runs` bounds the properties where a write is slow. */
export const historyContract = (name: string, makeParts: () => Promise<HistoryFixture>, runs: number) => {
  const makeWorld = async () => createHistoryWorld(await makeParts());

  describe(`a history on ${name}`, () => {
    tellsChanges(makeWorld);

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

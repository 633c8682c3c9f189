import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../lib/history/log.ts";
import { day, made } from "./historytruth.ts";
import type { HistoryWorld } from "./historyworld.ts";

/** What a history promises of the changes that it tells of. */
export const tellsChanges = (makeWorld: () => Promise<HistoryWorld>) => {
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
};

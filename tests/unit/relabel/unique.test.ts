import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createUniqueTargets } from "../../../lib/relabel/unique.ts";

type Row = Readonly<Record<string, string>>;

/** Targets with these labels, each known by its place; all at one address unless they say otherwise. */
const uniqueOf = (rows: readonly Row[]) => {
  const { targets, add } = createUniqueTargets<number>();
  const twins = rows.map((row, place) => add(new Map(Object.entries({ __address__: "a:1", ...row })), place));
  return { targets, twins };
};

describe("targets", () => {
  test("that are equal are one, in the first's place, and known as the last", () => {
    const { targets, twins } = uniqueOf([{ x: "1" }, { __address__: "b:1" }, { x: "1" }, { x: "2" }]);
    assert.deepEqual(
      targets.map(({ origin, count }) => [origin, count]),
      [
        [2, 2],
        [1, 1],
        [3, 1],
      ],
    );
    assert.deepEqual(twins, [undefined, undefined, { target: targets[0], replaced: 0 }, undefined]);
  });

  test("at one address are told apart however many there are", () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({ __param_target: `t${index % 50}` }));
    const { targets, twins } = uniqueOf(rows);
    assert.deepEqual(
      targets.map(({ labels, origin, count }) => [labels.get("__param_target"), origin, count]),
      Array.from({ length: 50 }, (_, index) => [`t${index}`, index + 50, 2]),
    );
    assert.deepEqual(
      twins.slice(50).map((twin) => twin?.replaced),
      Array.from({ length: 50 }, (_, index) => index),
    );
  });

  const alike = [{ a: "1b", c: "2" }, { a: "1", b: "c2" }, { ab: "1c2" }, { a: "1bc2" }, { a: "1b", c: "2" }];
  for (const [words, before] of [
    ["few", []],
    ["many", Array.from({ length: 10 }, (_, index) => ({ other: String(index) }))],
  ] as const) {
    test(`are not taken for one another when names and values only read alike in a row, among ${words}`, () => {
      const { targets } = uniqueOf([...before, ...alike]);
      assert.deepEqual(
        targets.slice(before.length).map(({ count }) => count),
        [2, 1, 1, 1],
      );
    });
  }
});

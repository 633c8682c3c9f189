import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { rowAfterKey, rowsInView, scrollToRow } from "../../../page/pure/window.ts";

const scrolled = { scrollTop: 0, viewport: 500, rowHeight: 50, total: 20_000 };

describe("which rows are drawn", () => {
  test("those in view, and a few around", () => {
    assert.deepEqual(rowsInView(scrolled, 3), { first: 0, end: 13 });
    assert.deepEqual(rowsInView({ ...scrolled, scrollTop: 5025 }, 3), { first: 97, end: 114 });
  });

  test("the last ones when the list became shorter than where it was scrolled to", () => {
    assert.deepEqual(rowsInView({ ...scrolled, scrollTop: 900_000, total: 20 }, 3), { first: 7, end: 20 });
  });

  test("none of none", () => assert.deepEqual(rowsInView({ ...scrolled, total: 0 }), { first: 0, end: 0 }));

  test("every row in view is drawn, wherever it is scrolled to, and never many more", () => {
    const world = fc.record({
      scrollTop: fc.nat(1_000_000),
      viewport: fc.integer({ min: 1, max: 3000 }),
      rowHeight: fc.integer({ min: 20, max: 200 }),
      total: fc.nat(20_000),
    });
    fc.assert(
      fc.property(world, (one) => {
        const { first, end } = rowsInView(one);
        const top = Math.max(0, Math.min(one.scrollTop, one.total * one.rowHeight - one.viewport));
        const bottom = Math.min(top + one.viewport, one.total * one.rowHeight);
        assert.ok(first * one.rowHeight <= top && end * one.rowHeight >= bottom);
        assert.ok(end - first <= one.viewport / one.rowHeight + 18);
      }),
    );
  });
});

describe("moving by key", () => {
  const moves: [string, number, number][] = [
    ["ArrowDown", 5, 6],
    ["ArrowDown", 19_999, 19_999],
    ["ArrowUp", 0, 0],
    ["PageDown", 0, 9],
    ["PageUp", 20, 11],
    ["Home", 700, 0],
    ["End", 0, 19_999],
  ];
  for (const [key, from, to] of moves) {
    test(`${key} leads from row ${from} to ${to}`, () => assert.equal(rowAfterKey(key, from, scrolled), to));
  }
  test("another key leads nowhere", () => assert.equal(rowAfterKey("a", 3, scrolled), undefined));

  test("a row is brought into view by the shortest way", () => {
    const at = { ...scrolled, scrollTop: 1000 };
    assert.equal(scrollToRow(20, at), 1000);
    assert.equal(scrollToRow(19, at), 950);
    assert.equal(scrollToRow(30, at), 1050);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Figure, figure, isMet, keyOf, ratioOf } from "../../../bench/support/figure.ts";

const waiting: Figure = { name: "until served", unit: "ms", ours: 80 };

describe("a figure", () => {
  test("meets a target at its bound, and misses it beyond", () => {
    const most = { most: 80, says: "at most 80 ms" };
    assert.equal(isMet({ ...waiting, target: most }), true);
    assert.equal(isMet({ ...waiting, ours: 80.1, target: most }), false);
    const least = { least: 100, says: "at least 100" };
    assert.equal(isMet({ ...waiting, ours: 99, target: least }), false);
    assert.equal(isMet(waiting), undefined);
  });

  test("is divided by the better peer's: the quicker one's, or the one that does more a second", () => {
    assert.equal(ratioOf({ ...waiting, prometheus: 320, vmagent: 160 }), 0.5);
    assert.equal(ratioOf({ ...waiting, unit: "/s", prometheus: 320, vmagent: 160 }), 0.25);
  });

  test("is divided by the floor where there is no peer, and by nothing where there is neither or none", () => {
    assert.equal(ratioOf({ ...waiting, floor: 40 }), 2);
    assert.equal(ratioOf(waiting), undefined);
    assert.equal(ratioOf({ ...waiting, vmagent: 0 }), undefined);
  });

  test("is divided by nothing when it says how something grows", () => {
    assert.equal(ratioOf({ ...waiting, at: "power of pods, 1,000 to 50,000", vmagent: 0.5 }), undefined);
  });

  test("is named by what was measured and at which workload", () => {
    assert.equal(keyOf({ ...waiting, at: "1,000 pods" }), "until served, 1,000 pods");
    assert.equal(keyOf(waiting), "until served");
  });

  test("is refused with a target that has no bound, and when nothing was measured", () => {
    assert.equal(figure.safeParse({ ...waiting, target: { says: "soon" } }).success, false);
    assert.equal(figure.safeParse({ ...waiting, ours: Number.NaN }).success, false);
    assert.equal(figure.safeParse({ ...waiting, ours: Number.NEGATIVE_INFINITY }).success, false);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { exponent, median, percentile, spreadOf } from "../../../bench/support/statistics.ts";

describe("what many runs come to", () => {
  test("is the middle one, or the upper of the middle two", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([9, 1, 5, 7]), 7);
  });

  test("is the smallest that so many per cent do not exceed", () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    assert.equal(percentile(hundred, 99), 99);
    assert.equal(percentile([3], 99), 3);
  });

  test("lies between the least and the most", () => {
    assert.deepEqual(spreadOf([3, 1, 2]), [1, 3]);
  });
});

test("the exponent of a power of x is that power, whatever it is multiplied by", () => {
  const power = fc.double({ min: -3, max: 3, noNaN: true });
  const factor = fc.double({ min: 0.001, max: 1000, noNaN: true });
  fc.assert(
    fc.property(power, factor, (k, a) => {
      const found = exponent([1000, 10_000, 50_000].map((x) => ({ x, y: a * x ** k })));
      assert.ok(Math.abs(found - k) < 1e-6, `${found} for ${k}`);
    }),
  );
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { goDuration } from "../../../../lib/adapter/api/duration.ts";
import { quantityOf, timeOf } from "../../../../lib/adapter/api/value.ts";
import { parseQuantity } from "../../../../lib/metrics/cluster/quantity.ts";

describe("a quantity", () => {
  for (const [value, expected] of [
    [0, "0"],
    [0.0164, "16m"],
    [1.5, "1500m"],
    [2000, "2k"],
    [1000, "1k"],
    [-0.0004, "0"],
    [-1.5, "-1500m"],
    [3_000_000, "3M"],
    [1e15, "1P"],
    [Number.NaN, "0"],
    [Number.POSITIVE_INFINITY, "9223372036854775807m"],
    [Number.NEGATIVE_INFINITY, "-9223372036854775808m"],
    [9_223_372_036_854_776, "9223372036854775807m"],
  ] as const)
    test(`of ${value} is ${expected}`, () => assert.equal(quantityOf(value), expected));

  for (const [value, expected] of [
    [3_145_728, "3Mi"],
    [3110, "3110"],
    [3110.5, "3110500m"],
    [1024, "1Ki"],
    [1000, "1k"],
    [1023, "1023"],
    [1536, "1536"],
    [2048, "2Ki"],
    [0, "0"],
    [-2048, "-2Ki"],
    [2 ** 60, "9223372036854775807m"],
  ] as const)
    test(`of ${value} bytes is ${expected}`, () => assert.equal(quantityOf(value, "binary"), expected));

  test("reads back as the thousandths that it was made of", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), fc.boolean(), (value, isBinary) => {
        const written = quantityOf(value, isBinary ? "binary" : "decimal");
        assert.equal(parseQuantity(written, 3), BigInt(Math.trunc(value * 1000)));
      }),
    );
  });
});

test("times have whole seconds", () => {
  assert.equal(timeOf(1_767_225_600.9), "2026-01-01T00:00:00Z");
});

test("durations are written as Go does", () => {
  const written = [0, 250, 30_000, 60_000, 300_000, 90_500, 3_600_000].map(goDuration);
  assert.deepEqual(written, ["0s", "250ms", "30s", "1m0s", "5m0s", "1m30.5s", "1h0m0s"]);
});

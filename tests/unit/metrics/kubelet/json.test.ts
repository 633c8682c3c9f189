import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { double, int64, optionalInt64, parseLossless } from "../../../../lib/metrics/kubelet/json.ts";

describe("JSON without loss", () => {
  test("keeps whole numbers exact, whatever their size and place", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        fc.string(),
        (numbers, text) => {
          const spaced = `{ "a" : [ ${numbers.join(" , ")} ], "b": ${JSON.stringify(text)} }`;
          const parsed = parseLossless(spaced) as { a: unknown[]; b: string };
          assert.deepEqual(
            parsed.a.map((number) => int64(number, "a")),
            numbers,
          );
          assert.equal(parsed.b, text);
        },
      ),
    );
  });

  test("is not deceived by texts that look like numbers", () => {
    for (const text of [
      "a: 12345678901234567,",
      '":12345678901234567}',
      "[12345678901234567]",
      "\\:12345678901234567,",
    ]) {
      const parsed = parseLossless(`{"text":${JSON.stringify(text)},"n":98765432109876543}`);
      assert.deepEqual(parsed, { text, n: "\u000098765432109876543" });
    }
  });

  test("leaves fractions and exponents to doubles", () => {
    const parsed = parseLossless("[1234567890123456.5, 1234567890123456e2, 1234567890123456]") as unknown[];
    assert.deepEqual(
      parsed.map((number) => double(number, "n")),
      [1234567890123456.5, 123456789012345600, 1234567890123456],
    );
  });

  test("makes int64 of a uint64 as Go does, and refuses what neither holds", () => {
    const of = (text: string) => optionalInt64((parseLossless(`[${text}]`) as unknown[])[0], "n");
    assert.equal(of("18446744073709551615"), -1n);
    assert.equal(of("null"), undefined);
    for (const bad of ["18446744073709551616", "1.5", "1e30", '"5"', "true", "[]"])
      assert.throws(() => of(bad), /^Error: n: expected a 64-bit integer, got/, bad);
  });

  test("refuses what is no JSON", () => {
    for (const text of ["<html>", '{"a":12345678901234567', ""])
      assert.throws(() => parseLossless(text), SyntaxError);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { toLower, toUpper } from "../../../lib/relabel/casing.ts";

// Every code point is judged by Prometheus in tests/e2e/relabel.test.ts.
describe("case mapping", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["", "", ""],
    ["Foo-9", "foo-9", "FOO-9"],
    ["straße", "straße", "STRAßE"],
    ["ΌΔΟΣ", "όδοσ", "ΌΔΟΣ"],
    ["İı", "iı", "İI"],
    ["ﬁŉǰ", "ﬁŉǰ", "ﬁŉǰ"],
    ["ᾳᾼ", "ᾳᾳ", "ᾼᾼ"],
    ["ᾗᾟ", "ᾗᾗ", "ᾟᾟ"],
    ["ǅ", "ǆ", "Ǆ"],
    ["𐐨😀", "𐐨😀", "𐐀😀"],
  ];
  for (const [text, lower, upper] of rows) {
    test(`of ${JSON.stringify(text)} goes code point by code point`, () => {
      assert.deepEqual([toLower(text), toUpper(text)], [lower, upper]);
    });
  }

  test("keeps the number of code points and changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const map of [toLower, toUpper]) {
          assert.equal([...map(text)].length, [...text].length);
          assert.equal(map(map(text)), map(text));
        }
      }),
    );
  });
});

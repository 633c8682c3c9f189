import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { labelSelectorError, labelsFit, parseLabelSelector } from "../../../lib/config/label-selector.ts";

// The texts of bad ones are in the fixtures bad-kubernetes-selector-*, where Prometheus judges them.
describe("a label selector", () => {
  const good = [
    "",
    " ",
    "a",
    "!a",
    "a=b,c!=d,e==f",
    "a=",
    "a=,b",
    "a in (b,c)",
    "a notin ( b )",
    "a in ()",
    "a in (,)",
    "a>1,b<2",
    "example.com/a=b",
    "a in (in,notin)",
    "in in (in)",
  ];
  for (const selector of good) {
    test(`may be ${JSON.stringify(selector)}`, () => assert.equal(labelSelectorError(selector), undefined));
  }

  const bad = [
    "a b",
    "a,",
    "a in b",
    "a in (b",
    "/a",
    "a/b/c",
    "A.b/-",
    "a=b=c",
    "a>x",
    `a=${"x".repeat(64)}`,
    "a=-",
  ];
  for (const selector of bad) {
    test(`may not be ${JSON.stringify(selector)}`, () =>
      assert.notEqual(labelSelectorError(selector), undefined));
  }

  test("of any characters is judged without failing", () => {
    const piece = fc.constantFrom(
      "a",
      "!",
      "=",
      "==",
      "!=",
      "in",
      "notin",
      "(",
      ")",
      ",",
      " ",
      "<",
      ">",
      "-",
      "/",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        assert.notEqual(labelSelectorError(pieces.join("")), "");
      }),
    );
  });
});

describe("the requirements of a label selector", () => {
  const cases: [string, string][] = [
    ["", ""],
    ["b,a=1", "a = [1]; b exists []"],
    ["!a,b==x,c!=y", "a ! []; b == [x]; c != [y]"],
    ["k in (b,a,b)", "k in [a,b]"],
    ["k in ()", "k in []"],
    ["k notin (a,)", "k notin [,a]"],
    ["k in (,a),j", "j exists []; k in [,a]"],
    ["k=,j", "j exists []; k = []"],
    ["n>1,m<2", "m < [2]; n > [1]"],
    ["in in (in,notin)", "in in [in,notin]"],
  ];
  for (const [text, expected] of cases) {
    test(`of ${JSON.stringify(text)} are ${expected || "none"}`, () => {
      const parsed = parseLabelSelector(text);
      assert.ok("requirements" in parsed);
      const shown = parsed.requirements.map(({ key, operator, values }) => `${key} ${operator} [${values}]`);
      assert.equal(shown.join("; "), expected);
    });
  }

  const labels = { a: "1", b: "" };
  const fitting = [
    "",
    "a",
    "a=1",
    "a in (1,2)",
    "a notin (2)",
    "a!=2",
    "c!=2",
    "c notin (2)",
    "!c",
    "a>0",
    "a<2",
    "b=",
  ];
  const others = [
    "c",
    "a=2",
    "a in (2)",
    "a notin (1)",
    "a!=1",
    "!a",
    "c=",
    "c in ()",
    "a>1",
    "c>0",
    "toString",
  ];
  for (const text of [...fitting, ...others]) {
    test(`${fitting.includes(text) ? "are" : "are not"} met by a=1, b="" for ${JSON.stringify(text)}`, () => {
      const parsed = parseLabelSelector(text);
      assert.ok("requirements" in parsed);
      assert.equal(labelsFit(parsed.requirements, labels), fitting.includes(text));
    });
  }
});

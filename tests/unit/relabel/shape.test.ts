import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { compilePattern } from "../../../lib/relabel/pattern.ts";
import { regexError } from "../../../lib/relabel/rule.ts";
import { shapeOf } from "../../../lib/relabel/shape.ts";

const stretch = (prefix: string, suffix: string, least: number, isGroup: boolean) => ({
  kind: "stretch",
  prefix,
  suffix,
  least,
  isGroup,
});
const words = (list: readonly string[], isGroup: boolean) => ({
  kind: "words",
  words: new Set(list),
  isGroup,
});

describe("the shape of a pattern", () => {
  const rows: readonly (readonly [string, unknown])[] = [
    ["(.*)", stretch("", "", 0, true)],
    [".+", stretch("", "", 1, false)],
    ["__meta_(.+)_x", stretch("__meta_", "_x", 1, true)],
    ["a\\.b.*", stretch("a.b", "", 0, false)],
    ["", words([""], false)],
    ["a|b|", words(["a", "b", ""], false)],
    ["(a\\|b|c)", words(["a|b", "c"], true)],
    ["(?:ü|😀)", words(["ü", "😀"], false)],
    ["()", words([""], true)],
  ];
  for (const [regex, shape] of rows) {
    test(`is seen in ${JSON.stringify(regex)}`, () => assert.deepEqual(shapeOf(regex), shape));
  }
  for (const regex of [
    "(a)|(b)",
    "a+",
    "a.b",
    "(?i)a",
    "(?i:a)",
    "(?P<n>a)",
    "a{2}",
    "^a",
    "a$",
    "[a]",
    "\\d",
    "\\Qa\\E",
    "(.*)(.*)",
    ".*?",
    "((a))",
    "a)|(?s:b",
    "a(b|c)",
  ]) {
    test(`is not seen in ${regex}`, () => assert.equal(shapeOf(regex), undefined));
  }

  test("matches as the regular expression does", () => {
    const piece = fc.constantFrom(
      "a",
      "b",
      "|",
      "(",
      ")",
      ".*",
      "(.*)",
      ".+",
      "(.+)",
      "\\.",
      "\\|",
      "-",
      "?:",
      "ü",
      "😀",
      "\\d",
    );
    const regex = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    const text = fc
      .array(fc.constantFrom("a", "b", ".", "|", "-", "\n", "ü", "😀"), { maxLength: 6 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(regex, text, (pattern, value) => {
        fc.pre(shapeOf(pattern) !== undefined && regexError(pattern) === undefined);
        const match = RE2JS.compile(`^(?s:${pattern})$`).exec(value);
        assert.deepEqual(compilePattern(pattern).match(value), match === null ? undefined : [...match]);
      }),
      { numRuns: 2000 },
    );
  });
});

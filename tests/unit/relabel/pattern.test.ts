import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compilePattern } from "../../../lib/relabel/pattern.ts";

describe("a rule's pattern", () => {
  test("gives the groups of a match", () => {
    const pattern = compilePattern("(a)(?P<later>b)?(c+)");
    assert.deepEqual(pattern.match("acc"), ["acc", "a", undefined, "cc"]);
    assert.equal(pattern.match("acc!"), undefined);
    assert.deepEqual([pattern.test("abc"), pattern.test("xabc")], [true, false]);
    assert.deepEqual([pattern.groupNumber("later"), pattern.groupNumber("toString")], [2, undefined]);
  });

  const hanging: readonly (readonly [string, string])[] = [
    ["(a+)+", "a"],
    ["(a|aa)*", "a"],
    ["(a|a?)+", "a"],
    ["(.*a){20}", "a"],
    ["((a*)*)*c", "a"],
    ["(x+x+)+y", "x"],
    ["(?:a?){100}a{100}(b|c)", "a"],
    ["([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}", "a"],
  ];
  for (const [regex, letter] of hanging) {
    test(`of ${regex} is done with 100,000 letters in seconds`, { timeout: 20_000 }, () => {
      const pattern = compilePattern(regex);
      // The other letters are there for patterns that must have them, or nothing would be tried.
      const text = `${letter.repeat(100_000)}abcxy@!`;
      assert.equal(pattern.test(text), false);
      assert.equal(pattern.match(text), undefined);
    });
  }

  test("that breaks out of its anchors replaces each match, an empty one only where none ended", () => {
    const replaced = (regex: string, text: string) =>
      compilePattern(regex).replaceAll(text, ([all]) => `<${all}>`);
    assert.equal(replaced("a)|(?s:b", "axb"), "<a>x<b>");
    assert.equal(replaced("x)|(?s:b*|c", "😀bb"), "😀<bb>");
    assert.equal(replaced("q)|(?s:", "a"), "a<>");
  });
});

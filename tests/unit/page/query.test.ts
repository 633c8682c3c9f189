import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseQuery, withMatcher } from "../../../page/pure/query.ts";

describe("what is typed into the search field", () => {
  const cases: [string, string, string[], string[]][] = [
    ["nothing", "  ", [], []],
    ["words, in lower case", "Api  blue", [], ["api", "blue"]],
    ["quoted words stay together", '"two words" one', [], ["two words", "one"]],
    ["a selector", '{namespace="shop", pod=~"api-.*"}', ['{namespace="shop", pod=~"api-.*"}'], []],
    ["a selector amid words", 'a {b="c"} d', ['{b="c"}'], ["a", "d"]],
    ["a brace and a quote within a value", '{a="}\\"{"} x', ['{a="}\\"{"}'], ["x"]],
    ["a matcher without braces", 'namespace="shop" api', ['{namespace="shop"}'], ["api"]],
    ["several without braces hold together", 'a="1", b!="2"', ['{a="1",b!="2"}'], []],
    ["two selectors", '{a="1"} {b="2"}', ['{a="1"}', '{b="2"}'], []],
    ["an address", "10.0.0.1:8080", [], ["10.0.0.1:8080"]],
    ["name=value without quotes is a word", "app=shop", [], ["app=shop"]],
    ["an empty selector", "{}", ["{}"], []],
  ];
  for (const [name, text, selectors, words] of cases) {
    test(name, () => assert.deepEqual(parseQuery(text), { selectors, words, fault: "" }));
  }

  for (const text of ["{namespace=shop}", '{a="b"', "x {", '{a~"b"}', '{="b"}']) {
    test(`${text} is no selector, and is said to be none`, () => {
      const { selectors, words, fault } = parseQuery(text);
      assert.deepEqual({ selectors, words }, { selectors: [], words: [] });
      assert.match(fault, /quotes around the value/);
    });
  }

  test("whatever is typed ends in an answer", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."{}=~!\"'`\\, a\n") }),
        (text) => void parseQuery(text),
      ),
    );
  });

  test("a long text without an end is refused in no time", () => {
    const began = performance.now();
    assert.notEqual(parseQuery(`{a="${"\\\\".repeat(50_000)}`).fault, "");
    assert.ok(performance.now() - began < 1000);
  });
});

describe("a matcher added by a click", () => {
  test("begins a selector, or joins the one that is there", () => {
    assert.equal(withMatcher("", "a", "b"), '{a="b"}');
    assert.equal(withMatcher("word", "a", "b"), '{a="b"} word');
    assert.equal(withMatcher('{x="y"} word', "a", "b"), '{x="y", a="b"} word');
    assert.equal(withMatcher("{}", "a", "b"), '{a="b"}');
  });

  test("is read back as one selector, whatever the value", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const { selectors, fault } = parseQuery(withMatcher("", "a", value));
        assert.deepEqual([selectors.length, fault], [1, ""]);
      }),
    );
  });
});

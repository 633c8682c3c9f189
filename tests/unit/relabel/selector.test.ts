import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compilePattern } from "../../../lib/relabel/pattern.ts";
import { parseSelector } from "../../../lib/relabel/selector.ts";
import { TooCostlyError } from "../../../lib/turns.ts";
import { badSelectors, goodSelectors } from "./selectors.ts";

const selects = (text: string, labels: Record<string, string>) => {
  const parsed = parseSelector(text);
  assert.ok("selector" in parsed, "error" in parsed ? parsed.error : "");
  return parsed.selector.matches(new Map(Object.entries(labels)));
};
const errorOf = (text: string) => {
  const parsed = parseSelector(text);
  return "error" in parsed ? parsed.error : undefined;
};

describe("a selector", () => {
  for (const [text, conditions] of goodSelectors) {
    test(`is read: ${JSON.stringify(text)}`, () => {
      const parsed = parseSelector(text);
      assert.ok("selector" in parsed, "error" in parsed ? parsed.error : "");
      assert.deepEqual(
        parsed.selector.matchers.map(({ name, operator, value }) => [name, operator, value]),
        conditions,
      );
    });
  }
  for (const text of badSelectors) {
    test(`is refused in one line: ${JSON.stringify(text)}`, () =>
      assert.match(errorOf(text) ?? "\n", /^[^\n]+$/));
  }

  test("says where it is wrong and what was expected", () => {
    assert.equal(errorOf('{a="b" c="d"}'), 'position 8: expected , or }, found "c"');
    assert.equal(errorOf('up{a="b"}'), 'position 1: expected {: targets have no metric name, found "up"');
    assert.equal(errorOf('{a="b"'), "the selector ends where , or } was expected");
    assert.equal(errorOf("{a<"), 'position 3: unexpected "<"');
    assert.match(errorOf('{a=~"("}') ?? "", /^label "a": error parsing regexp: missing closing \)/);
    assert.match(errorOf(`{a="${"b".repeat(10_000)}"}`) ?? "", /at most 10000 characters/);
  });

  test("compares whole values, and absent labels as empty ones", () => {
    const labels = { a: "one\ntwo", b: "x" };
    const rows: readonly (readonly [string, boolean])[] = [
      ["{}", true],
      ['{b="x"}', true],
      ['{b="X"}', false],
      ['{b!="y",c=""}', true],
      ['{c!=""}', false],
      ['{a=~"one.two"}', true],
      ['{a=~"one"}', false],
      ['{a!~"one"}', true],
      ['{c=~".*"}', true],
      ['{c=~".+"}', false],
      ['{c!~".+",b="x"}', true],
      ['{b="x",a="x"}', false],
      ['{toString=""}', true],
    ];
    for (const [text, expected] of rows) assert.equal(selects(text, labels), expected, text);
  });

  test("finds any value that is quoted as JSON does it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const text = JSON.stringify(value).replaceAll("\\/", "/");
        assert.equal(selects(`{a=${text}}`, { a: value }), true);
        assert.equal(selects(`{a!=${text}}`, { a: value }), false);
      }),
    );
  });

  test("of any text is read or refused, never anything else", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      ",",
      "a",
      "=",
      "~",
      "!",
      '"',
      "'",
      "`",
      "\\",
      "\n",
      "#",
      " ",
      "x41",
      "ü",
      "😀",
      "(",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const parsed = parseSelector(pieces.join(""));
        assert.notEqual("error" in parsed, "selector" in parsed);
      }),
      { numRuns: 2000 },
    );
  });
});

for (const regex of ["(?:.?){1000}", "(a{100}){2}(b{99}){2}x{50}", `(${"[a-z]?".repeat(1600)})`]) {
  test(`a pattern that would take too long is refused: ${regex.slice(0, 30)}`, () => {
    const parsed = parseSelector(`{a=~"${regex}"}`);
    assert.ok("error" in parsed);
    assert.match(parsed.error, /repeats more than|too large/);
  });
}

test("a pattern means what it means in a rule", () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    "(a|b)",
    "[^b]",
    ".",
    "*",
    "+?",
    "\\\\b",
    "^",
    "$",
    "|",
    "(?i)",
    "\n",
    "é",
    ")|(?s:",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }),
      fc.array(fc.constantFrom("a", "b", "A", "\n", "é")),
      (pieces, letters) => {
        const regex = pieces.join("").replaceAll("\\\\", "\\");
        const parsed = parseSelector(`{a=~${JSON.stringify(regex)}}`);
        if ("error" in parsed) return;
        const value = letters.join("");
        assert.equal(
          parsed.selector.matches(new Map([["a", value]])),
          compilePattern(regex).test(value),
          regex,
        );
      },
    ),
    { numRuns: 2000 },
  );
});

test("patterns that are small each may not be too large together", () => {
  const one = `a=~"(?:a|b){90}"`;
  assert.ok("selector" in parseSelector(`{${one}}`));
  assert.match(
    errorOf(`{${Array(40).fill(one).join()}}`) ?? "",
    /too large: \d+ instructions, at most 2000 in one/,
  );
});

test("a value is refused that would keep a pattern busy for long", () => {
  const hostile = '{a=~"(?:a|b)*a(?:a|b){90}"}';
  assert.throws(() => selects(hostile, { a: "ab".repeat(100_000) }), TooCostlyError);
  assert.equal(selects('{a=~".*x"}', { a: "ab".repeat(1_000_000) }), false);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { relabel } from "../../../lib/relabel/apply.ts";
import { actions, type Rule } from "../../../lib/relabel/rule.ts";
import { ruleOf } from "./rules.ts";

const name = fc.constantFrom(
  "a",
  "b",
  "ab",
  "__tmp",
  "__meta_x",
  "__proto__",
  "1",
  "10",
  "9",
  "é",
  "\ue000",
  "😀",
);
const value = fc.oneof(
  fc.constantFrom("", "a", "b", "ab", "A;b", "ß"),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const labels = fc.dictionary(name, value, { maxKeys: 8, noNullPrototype: true });
const rule: fc.Arbitrary<Rule> = fc.record({
  action: fc.constantFrom(...actions),
  sourceLabels: fc.array(name, { maxLength: 3 }),
  separator: fc.constantFrom(";", ""),
  regex: fc.constantFrom("(.*)", "a|b", "(a+)(b*)", "", "[^a]+", "__(.+)", ".*?(.)"),
  modulus: fc.bigInt(1n, 2n ** 64n - 1n),
  targetLabel: fc.constantFrom("a", "b", "c", "$1", "__proto__"),
  replacement: fc.constantFrom("$1", "x$1", "", "x", "$0$0"),
  nameScheme: fc.constantFrom("utf8", "legacy"),
});

describe("relabelling", () => {
  // The rows of the specification are tests/golden/relabel, judged by Prometheus in tests/e2e/relabel.test.ts.
  test("gives sorted names, values that are not empty, and well-formed texts", () => {
    fc.assert(
      fc.property(labels, fc.array(rule, { maxLength: 4 }), (set, rules) => {
        const names = [...(relabel(set, rules)?.keys() ?? [])];
        assert.deepEqual(
          names,
          names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
        for (const [key, text] of relabel(set, rules) ?? []) {
          assert.ok(text !== "" && text.isWellFormed() && key.isWellFormed());
        }
      }),
    );
  });

  test("is the same every time and leaves its input alone", () => {
    fc.assert(
      fc.property(labels, fc.array(rule, { maxLength: 4 }), (set, rules) => {
        const before = structuredClone(set);
        assert.deepEqual(relabel(set, rules), relabel(set, structuredClone(rules)));
        assert.deepEqual(set, before);
      }),
    );
  });

  test("by rules one after the other is relabelling by all of them", () => {
    fc.assert(
      fc.property(labels, rule, rule, (set, first, second) => {
        // Where two labels map to one name the order decides, in which given labels come before added ones.
        fc.pre(second.action !== "labelmap");
        const between = relabel(set, [first]);
        const apart = between && relabel(Object.fromEntries(between), [second]);
        assert.deepEqual(relabel(set, [first, second]), apart);
      }),
    );
  });

  test("by a rule that only filters changes nothing the second time", () => {
    const filters = ["keep", "drop", "keepequal", "dropequal", "labeldrop", "labelkeep"] as const;
    fc.assert(
      fc.property(labels, rule, fc.constantFrom(...filters), (set, any, action) => {
        const one = { ...any, action };
        assert.deepEqual(relabel(set, [one, one]), relabel(set, [one]));
      }),
    );
  });

  test("either keeps or drops: a keep and a drop of one pattern never agree", () => {
    fc.assert(
      fc.property(labels, rule, (set, any) => {
        const [kept, dropped] = (["keep", "drop"] as const).map((action) =>
          relabel(set, [{ ...any, action }]),
        );
        assert.notEqual(kept === undefined, dropped === undefined);
      }),
    );
  });

  test("without rules drops empty labels only", () => {
    assert.deepEqual(
      relabel({ b: "1", a: "", c: "2" }, []),
      new Map([
        ["b", "1"],
        ["c", "2"],
      ]),
    );
  });

  test("obeys the job's name scheme where a template names the label", () => {
    const named = (nameScheme: Rule["nameScheme"]) =>
      relabel({ a: "x-y" }, [
        ruleOf({ sourceLabels: ["a"], targetLabel: "$1", replacement: "1", nameScheme }),
      ]);
    assert.deepEqual(named("legacy"), new Map([["a", "x-y"]]));
    assert.deepEqual(
      named("utf8"),
      new Map([
        ["a", "x-y"],
        ["x-y", "1"],
      ]),
    );
  });

  test("of half a surrogate pair sees U+FFFD", () => {
    const rules = [ruleOf({ sourceLabels: ["a"], targetLabel: "b", replacement: "<$1>" })];
    assert.deepEqual(
      relabel({ a: "x\ud83d" }, rules),
      new Map([
        ["a", "x\ufffd"],
        ["b", "<x\ufffd>"],
      ]),
    );
  });

  test("sorts names by their bytes", () => {
    const names = [...(relabel({ "😀": "1", "\ue000": "1", a: "1" }, []) ?? new Map()).keys()];
    assert.deepEqual(names, ["a", "\ue000", "😀"]);
  });

  test("of a name that two labels map to keeps the last in order of names", () => {
    const rules = [ruleOf({ action: "labelmap", regex: "x.", replacement: "y" })];
    assert.equal(relabel({ x3: "3", x1: "1", x2: "2" }, rules)?.get("y"), "3");
  });

  test("of a megabyte takes no more than a moment", { timeout: 10_000 }, () => {
    const set = { a: "ab".repeat(500_000) };
    const rules = [
      ruleOf({ sourceLabels: ["a"], regex: "(.*)(a|b)(.*)x?", targetLabel: "b" }),
      ruleOf({ action: "uppercase", sourceLabels: ["a"], targetLabel: "c" }),
      ruleOf({ action: "hashmod", sourceLabels: ["a"], targetLabel: "d", modulus: 9n }),
    ];
    assert.equal(relabel(set, rules)?.get("c")?.length, 1_000_000);
  });
});

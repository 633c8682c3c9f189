import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { relabel } from "../../../lib/relabel/apply.ts";
import { relabelSteps } from "../../../lib/relabel/steps.ts";
import { ruleOf } from "./rules.ts";

const copy = ruleOf({ sourceLabels: ["a"], targetLabel: "b" });
const drop = ruleOf({ action: "drop", sourceLabels: ["b"], regex: "x" });

describe("the steps of relabelling", () => {
  test("show the labels before and after each rule", () => {
    assert.deepEqual(relabelSteps({ a: "1", z: "" }, [copy, drop]), [
      {
        rule: copy,
        before: new Map([["a", "1"]]),
        after: new Map([
          ["a", "1"],
          ["b", "1"],
        ]),
        keep: true,
      },
      {
        rule: drop,
        before: new Map([
          ["a", "1"],
          ["b", "1"],
        ]),
        after: new Map([
          ["a", "1"],
          ["b", "1"],
        ]),
        keep: true,
      },
    ]);
  });

  test("are empty from the rule on that drops", () => {
    const steps = relabelSteps({ a: "x" }, [copy, drop, copy]);
    assert.deepEqual(
      steps.map(({ keep, after }) => [keep, after.size]),
      [
        [true, 2],
        [false, 0],
        [false, 0],
      ],
    );
    assert.deepEqual(steps[2]?.before, new Map());
  });

  test("end where relabelling ends, and of no rules there are none", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y", "")), (labels) => {
        const rules = [copy, drop, ruleOf({ action: "labelmap", regex: "(a|c)", replacement: "m_$1" })];
        const last = relabelSteps(labels, rules).at(-1);
        assert.deepEqual(last?.keep ? last.after : undefined, relabel(labels, rules));
      }),
    );
    assert.deepEqual(relabelSteps({ a: "1" }, []), []);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Unbuildable } from "../../../../lib/adapter/registry/registry.ts";
import type { Requirement } from "../../../../lib/adapter/selector.ts";
import { structureOf } from "../promql.ts";
import { objects } from "./world.ts";

describe("whoever asks", () => {
  const templates = [
    "sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)",
    'sum(<<.Series>>{<<.LabelMatchers>>,container!="POD"}) by (<<.GroupBy>>)',
    'sum(<<.Series>>{<<range $k, $v := .LabelValuesByName>><<$k>>=~"<<$v>>",<<end>>}) by (<<index .GroupBySlice 0>>)',
    `sum(<<.Series>>{pod=~'<<index .LabelValuesByName "kube_pod">>'}) by (<<.GroupBy>>)`,
    'vector(1) + <<.Series>>{k="<<index .LabelValuesByName "k">>"} * <<index .LabelValuesByName "k">>',
    'sum(<<.Series>> > <<index .LabelValuesByName "k">> 1)',
    'sum by (<<index .LabelValuesByName "k">>) (<<.Series>>)',
  ];
  const attack = fc.constantFrom(
    'x"}[1m])) or sum(rate(up{a="',
    'x"} or up{a="',
    'x",b="y',
    "x'} or up{a='",
    'x"}) by (pod) or vector(1) #',
    '\\"} or up{a="',
    '"',
    "\\",
    "#",
    "\n",
    "1-2",
    "a/b",
    "a|b",
    ".*",
    "or",
    "bool",
    "up",
    "pod",
    "5m",
    "7",
    "\u0000",
    "\ud800",
  );
  const word = fc.stringMatching(/^[\w.:/|-]{1,8}$/);
  const hostile = fc.oneof(
    { weight: 5, arbitrary: attack },
    word,
    fc.string(),
    fc.string({ unit: "grapheme" }),
  );
  const key = fc.oneof(
    { weight: 8, arbitrary: fc.constant("k") },
    fc.constantFrom("app", "a_b", "app.kubernetes.io/name", 'a="1",b', 'k"} or up{a'),
    hostile,
  );
  const operator = fc.constantFrom<Requirement["operator"]>(
    "=",
    "==",
    "!=",
    "in",
    "notin",
    "exists",
    "!",
    ">",
  );
  const requirement = fc
    .tuple(key, operator, fc.array(hostile, { minLength: 1, maxLength: 3 }))
    .map(([key, operator, values]): Requirement => {
      if (operator === "exists" || operator === "!") return { key, operator, values: [] };
      return {
        key,
        operator,
        values: operator === "in" || operator === "notin" ? values : values.slice(0, 1),
      };
    });
  const question = fc.record({
    query: fc.constantFrom(...templates),
    namespace: fc.option(hostile, { nil: undefined }),
    names: fc.array(hostile, { minLength: 1, maxLength: 3 }),
    selector: fc.array(requirement, { maxLength: 3 }),
  });
  const runs = Number(process.env.RUNS ?? 2000);

  const takesLabel = "sum by (<<index";
  /** The same question with nothing but a word or a number wherever somebody else may write. */
  const tame = ({
    selector,
    namespace,
    names,
    query,
  }: {
    query: string;
    namespace: string | undefined;
    names: readonly string[];
    selector: readonly Requirement[];
  }) => ({
    query,
    namespace: namespace === undefined || namespace === "" ? undefined : "x",
    names: names.map(() => "x"),
    selector: selector.map(({ key, operator, values }) => ({
      key,
      operator,
      values: values.map((value) => (value === "" ? "" : query.startsWith(takesLabel) ? "x" : "7")),
    })),
  });

  test("changes no query's structure, whatever they ask for", () => {
    let built = 0;
    fc.assert(
      fc.property(question, (asked) => {
        let promql: string;
        try {
          promql = objects({ ...asked, of: "pods", series: "requests_total" });
        } catch (error) {
          return error instanceof Unbuildable;
        }
        const expected = structureOf(objects({ ...tame(asked), of: "pods", series: "requests_total" }));
        const found = structureOf(promql);
        built += found === undefined ? 0 : 1;
        // A query that is broken by a number where it does not belong does no harm; one that was quoted cannot be.
        if (found === undefined) return expected === undefined || asked.query.startsWith(takesLabel);
        return found === expected;
      }),
      { numRuns: runs },
    );
    assert.ok(built > runs / 20, `only ${built} of ${runs} were queries`);
  });
});

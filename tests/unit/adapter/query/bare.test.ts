import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Unbuildable } from "../../../../lib/adapter/registry/registry.ts";
import type { Requirement } from "../../../../lib/adapter/selector.ts";
import { structureOf } from "../promql.ts";
import { external, objects } from "./world.ts";

describe("what stands in a query unquoted", () => {
  const values = 'up{pod=~"<<index .LabelValuesByName "kube_pod">>"}';
  const bare = 'vector(<<index .LabelValuesByName "k">>)';
  test("may be what names are made of, in quotes of the template's own", () => {
    assert.equal(
      objects({ query: values, of: "pods", names: ["web-1.a", "web-2"] }),
      'up{pod=~"web-1.a|web-2"}',
    );
  });
  const op = '<<index .LabelValuesByName "k">>';
  const amounts: [string, string][] = [
    [bare, "0.99"],
    [bare, "1e3"],
    [`rate(up[${op}])`, "1m30s"],
    [`rate(up[${op}m])`, "5"],
    [`max_over_time(up[${op}])`, "5m:1m"],
    [`x * ${op}`, "1h"],
  ];
  for (const [query, value] of amounts)
    test(`may be a number or a duration: ${value} in ${query}`, () => {
      const promql = external({ query, selector: [{ key: "k", operator: "=", values: [value] }] });
      assert.equal(promql, query.replace(op, value));
      assert.ok(structureOf(promql));
    });
  for (const list of ["by", "without", "BY"])
    test(`may be a label behind ${list}`, () => {
      const query = `sum ${list} (a, ${op}) (up)`;
      assert.equal(external({ query, selector: "k=pod" }), query.replace(op, "pod"));
    });
  for (const list of ["on(a) group_left", "ignoring(a) group_right", "on", "ignoring"])
    test(`may be a label behind ${list}`, () => {
      const query = `a * ${list}(${op}) b`;
      assert.equal(external({ query, selector: "k=pod" }), query.replace(op, "pod"));
    });
  const words: [string, string][] = [
    [`sum(a > ${op} b)`, "bool"],
    [`a * ${op}`, "other_team_total"],
    [`a * other_${op}_total`, "team"],
    [`a * ${op}`, ":"],
    [`sum by (a) (${op})`, "pod"],
    [`a${op}`, "1"],
    [`a * ${op}`, "0W"],
    [`# 'by (\n a * ${op}`, "pod"],
    [`sum by (a) (x{b="c"}) / (${op})`, "pod"],
    [`sum(a) <<range $k, $v := .LabelValuesByName>> * <<$k>><<end>>`, "x"],
    [`a * <<printf "%.3s" (index .LabelValuesByName "k")>>`, "pod"],
    [`a * <<slice (index .LabelValuesByName "k") 0 2>>`, "pod"],
    [`a * <<printf "x%x" (index .LabelValuesByName "k")>>`, "pod"],
    [bare, "1-2"],
    [bare, "1/2"],
    [bare, "a|b"],
  ];
  for (const [query, value] of words)
    test(`may not be ${value} in ${query}`, () => {
      const selector: Requirement[] = [{ key: "k", operator: "=", values: [value] }];
      assert.throws(
        () => external({ query, selector }),
        (error) => error instanceof Unbuildable && /outside of quotes|makes another text/.test(error.message),
      );
    });
  test("may be what a template looks at, cuts or quotes itself", () => {
    const query = (promql: string) =>
      `<<$v := index .LabelValuesByName "k">><<if and (eq $v "rate") (lt $v "s") (eq (len $v) 4)>>${promql}<<end>>`;
    const asked = (promql: string) => external({ query: query(promql), selector: "k=rate" });
    assert.equal(asked("rate(up[1m])"), "rate(up[1m])");
    assert.equal(asked('up{a="<<slice $v 0 2>>"}'), 'up{a="ra"}');
    assert.equal(
      asked('up{a=<<printf "%q" $v>>,<<range $k, $v := .LabelValuesByName>><<$k>>="<<$v>>"<<end>>}'),
      'up{a="rate",k="rate"}',
    );
  });
  test("takes no time for a long number that is none", () => {
    assert.throws(() => external({ query: bare, selector: `k=${"1".repeat(60)}z` }), /outside of quotes/);
  });
  for (const name of ['a"} or vector(1) #', "a'b", "a`b", "a\\", "a b", "a\nb", "a{b", "a)", "é"]) {
    test(`may not be ${JSON.stringify(name)}`, () => {
      assert.throws(() => objects({ query: values, of: "pods", names: [name] }), /cannot stand in a query/);
    });
    test(`may be ${JSON.stringify(name)} where it is quoted by us`, () => {
      const promql = objects({ query: "up{<<.LabelMatchers>>}", of: "pods", names: [name] });
      assert.equal(structureOf(promql), structureOf('up{pod="x"}'));
    });
  }
  test("may not be a series with a name that is none", () => {
    assert.throws(() => external({ query: "<<.Series>>", series: 'a"b' }), /cannot stand in a query/);
    assert.throws(() => external({ query: "<<.Series>>", series: "a-b" }), /outside of quotes/);
    assert.equal(external({ query: "x{a='<<.Series>>'}", series: "a-b" }), "x{a='a-b'}");
  });
});

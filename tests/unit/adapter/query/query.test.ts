import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseRules } from "../../../../lib/adapter/config/parse.ts";
import { createMapper } from "../../../../lib/adapter/mapper/known.ts";
import { createAssociation } from "../../../../lib/adapter/naming/association.ts";
import { objectsQuery, seriesQuery } from "../../../../lib/adapter/query/query.ts";
import { Unbuildable } from "../../../../lib/adapter/registry/registry.ts";
import { parseSelector, type Requirement } from "../../../../lib/adapter/selector.ts";
import { clusterResources } from "../cluster.ts";
import { structureOf } from "../promql.ts";

const mapper = createMapper(clusterResources);
const resource = (name: string) => {
  const found = mapper.resourceFor(name);
  assert.ok(found);
  return found;
};

interface Asked {
  readonly query?: string;
  readonly resources?: string;
  readonly of?: string;
  readonly series?: string;
  readonly namespace?: string | undefined;
  readonly names?: readonly string[];
  readonly selector?: string | readonly Requirement[];
  readonly groupBy?: readonly string[];
}

const ruleOf = ({ query = "<<.LabelMatchers>>", resources = "{template: 'kube_<<.Resource>>'}" }: Asked) => {
  const text = `rules: [{seriesQuery: x, resources: ${resources}, metricsQuery: ${JSON.stringify(query)}}]`;
  const [rule] = parseRules({ path: "adapter.yml", text }).rules;
  assert.ok(rule);
  return rule;
};

const partsOf = (asked: Asked) => {
  const rule = ruleOf(asked);
  const { selector = "" } = asked;
  return {
    template: rule.metricsQuery,
    series: asked.series ?? "foo",
    association: createAssociation(rule.resources, mapper),
    namespaceResource: resource("namespaces"),
    namespaced: rule.resources.namespaced,
    namespace: asked.namespace,
    selector: typeof selector === "string" ? parseSelector(selector) : selector,
  };
};

const objects = (asked: Asked) =>
  objectsQuery({
    ...partsOf(asked),
    resource: resource(asked.of ?? "services"),
    names: asked.names ?? ["bar"],
    groupBy: asked.groupBy ?? [],
  }).promql;
const external = (asked: Asked) => seriesQuery(partsOf(asked));

describe("the query for objects (spec B5)", () => {
  const cases: [string, Asked, string][] = [
    ["of one name", {}, 'kube_service="bar"'],
    ["of several names", { names: ["bar", "baz"] }, 'kube_service=~"bar|baz"'],
    ["in a namespace", { namespace: "ns" }, 'kube_namespace="ns",kube_service="bar"'],
    ["in no namespace when it is empty", { namespace: "" }, 'kube_service="bar"'],
    [
      "of a selector, by its keys, before the rest",
      { namespace: "ns", selector: "b=2,a=1" },
      'a="1",b="2",kube_namespace="ns",kube_service="bar"',
    ],
    ["for k==v", { selector: "k==v" }, 'k="v",kube_service="bar"'],
    ["for k!=v", { selector: "k!=v" }, 'k!="v",kube_service="bar"'],
    ["for k in one", { selector: "k in (a)" }, 'k=~"a",kube_service="bar"'],
    ["for k in several, sorted", { selector: "k in (b,a)" }, 'k=~"a|b",kube_service="bar"'],
    ["for k notin one", { selector: "k notin (a)" }, 'k!~"a",kube_service="bar"'],
    ["for k notin several", { selector: "k notin (a,b)" }, 'k!~"a|b",kube_service="bar"'],
    ["for k", { selector: "k" }, 'k!="",kube_service="bar"'],
    ["for !k", { selector: "!k" }, 'k="",kube_service="bar"'],
    ["with the series", { query: "series <<.Series>>" }, "series foo"],
    [
      "with values by name",
      { query: `'<<index .LabelValuesByName "kube_service">>'`, names: ["bar", "baz"] },
      "'bar|baz'",
    ],
    [
      "with the namespace by name",
      {
        query: `'<<index .LabelValuesByName "kube_namespace">> <<index .LabelValuesByName "kube_service">>'`,
        namespace: "default",
      },
      "'default bar'",
    ],
    ["with what to group by", { query: "<<.GroupBy>> <<.GroupBySlice>>" }, "kube_service [kube_service]"],
    [
      "with more to group by",
      { query: "<<.GroupBy>> <<.GroupBySlice>>", groupBy: ["extra", "groups"] },
      "kube_service,extra,groups [kube_service extra groups]",
    ],
    [
      "of the walkthrough",
      {
        query: "sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)",
        series: "ingress_hits_total",
        namespace: "somens",
        names: ["somesvc"],
        selector: "param1=value1",
      },
      'sum(rate(ingress_hits_total{param1="value1",kube_namespace="somens",kube_service="somesvc"}[1m])) by (kube_service)',
    ],
    [
      "with points in a regular expression meant as such",
      { names: ["a.b", "c"], selector: "k in (x.y)" },
      String.raw`k=~"x\\.y",kube_service=~"a\\.b|c"`,
    ],
    ["with points elsewhere as they are", { names: ["a.b"] }, 'kube_service="a.b"'],
    ["of an override", { resources: "{overrides: {svc: {resource: service}}}" }, 'svc="bar"'],
  ];
  for (const [what, asked, expected] of cases) test(what, () => assert.equal(objects(asked), expected));

  const refused: [string, Asked, RegExp][] = [
    ["an operator that PromQL lacks", { selector: "k>1" }, /operator > of a selector/],
    ["another", { selector: "k<1" }, /operator < of a selector/],
    [
      "a key that is no label",
      { selector: "app.kubernetes.io/name=x" },
      /"app\.kubernetes\.io\/name" is no label name/,
    ],
    [
      "a namespace where only the pod has a label",
      { resources: "{overrides: {pod: {resource: pod}}}", of: "pods", namespace: "ns" },
      /no label of the rule is about namespaces/,
    ],
    ["a template that gives nothing", { query: "" }, /empty query/],
    ["a template that fails", { query: "<<index .GroupBySlice 5>>" }, /index out of range/],
  ];
  for (const [what, asked, reason] of refused) {
    test(`is refused for ${what}`, () => {
      assert.throws(
        () => objects(asked),
        (error) => error instanceof Unbuildable && reason.test(error.message),
      );
    });
  }
});

describe("the query for an external metric (spec B5, C6)", () => {
  const cases: [string, Asked, string][] = [
    [
      "of the selector and the namespace",
      { selector: "foo=bar", namespace: "default" },
      'foo="bar",kube_namespace="default"',
    ],
    [
      "of several",
      { selector: "a in (y,x),b!=1,!c", namespace: "ns" },
      'a=~"x|y",b!="1",c="",kube_namespace="ns"',
    ],
    [
      "without the namespace when the rule has none",
      { resources: "{namespaced: false}", namespace: "ns", selector: "a=b" },
      'a="b"',
    ],
    ["with nothing to group by", { query: "x<<.GroupBy>><<.GroupBySlice>>" }, "x[]"],
    [
      "with the values as a map",
      { query: "'<<.LabelValuesByName>>'", selector: "foo in (bar,baz)" },
      "'map[foo:bar|baz]'",
    ],
    ["without any", { query: "<<.Series>>{<<.LabelMatchers>>}" }, "foo{}"],
  ];
  for (const [what, asked, expected] of cases) test(what, () => assert.equal(external(asked), expected));
});

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

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Unbuildable } from "../../../../lib/adapter/registry/registry.ts";
import { type Asked, external, objects } from "./world.ts";

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

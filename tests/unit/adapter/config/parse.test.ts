import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRules } from "../../../../lib/adapter/config/parse.ts";
import { ConfigurationError } from "../../../../lib/config/error.ts";

const parsed = (text: string) => parseRules({ path: "adapter.yml", text });

describe("an adapter's rules file", () => {
  test("may be empty", () => {
    assert.deepEqual(parsed(""), { rules: [], externalRules: [] });
    assert.deepEqual(parsed("rules: []\n"), { rules: [], externalRules: [] });
  });

  test("has defaults for all but the query of a rule", () => {
    const [rule] = parsed("rules: [{seriesQuery: up}]").rules;
    assert.deepEqual(rule && { ...rule, metricsQuery: rule.metricsQuery.render({}) }, {
      seriesQuery: "up",
      seriesFilters: [],
      resources: { overrides: new Map(), namespaced: true },
      name: { matches: ".*", as: "$0" },
      metricsQuery: "",
    });
  });

  test("says how resource metrics are asked for", () => {
    const { resourceRules } = parsed(`resourceRules:
  cpu:
    containerQuery: sum(rate(c{<<.LabelMatchers>>}[4m])) by (<<.GroupBy>>)
    nodeQuery: sum(1) by (<<.GroupBy>>)
    resources: {overrides: {node: {resource: node}, namespace: {resource: namespace}, pod: {resource: pod}}}
    containerLabel: container
  memory: {}
  window: 5m
`);
    assert.equal(resourceRules?.window, 300_000);
    assert.equal(resourceRules?.cpu.containerLabel, "container");
    assert.equal(resourceRules?.cpu.resources.overrides.size, 3);
    assert.equal(resourceRules?.memory.nodeQuery.render({}), "");
  });

  test("has a window of nothing when none is written, or 0", () => {
    assert.equal(parsed("resourceRules: {}").resourceRules?.window, 0);
    assert.equal(parsed("resourceRules: {window: 0}").resourceRules?.window, 0);
    assert.equal(parsed("resourceRules: {window: 1h30m}").resourceRules?.window, 5_400_000);
  });

  test("may say that an external metric has no namespace", () => {
    const [rule] = parsed("externalRules: [{seriesQuery: q, resources: {namespaced: false}}]").externalRules;
    assert.equal(rule?.resources.namespaced, false);
  });
});

describe("a rules file is refused, with the place,", () => {
  const cases: [string, string, RegExp][] = [
    [
      "for an unknown field",
      "rules:\n- seriesQuery: a\n  metricQuery: b\n",
      /^adapter\.yml:3:3: line 3: field metricQuery not found in type config\.DiscoveryRule$/,
    ],
    [
      "for a repeated field",
      "rules: []\nrules: []\n",
      /^adapter\.yml:2:1: line 2: field rules already set in type config\.MetricsDiscoveryConfig$/,
    ],
    [
      "for a list where a rule belongs",
      "rules: {a: b}\n",
      /cannot unmarshal !!map into \[\]config\.DiscoveryRule/,
    ],
    [
      "for a filter of neither",
      "rules: [{seriesQuery: a, seriesFilters: [{}]}]",
      /exactly one of is and isNot/,
    ],
    [
      "for a filter of both",
      "rules: [{seriesQuery: a, seriesFilters: [{is: a, isNot: b}]}]",
      /exactly one of is and isNot/,
    ],
    [
      "for a regex that RE2 does not know",
      "rules: [{seriesQuery: a, seriesFilters: [{is: '(?=a)'}]}]",
      /adapter\.yml:1:\d+: error parsing regexp: /,
    ],
    [
      "for a name that RE2 does not know",
      "rules: [{seriesQuery: a, name: {matches: '('}}]",
      /error parsing regexp: missing closing \)/,
    ],
    [
      "for two groups without as",
      "rules: [{seriesQuery: a, name: {matches: '(a)(b)'}}]",
      /has 2 groups, so name\.as must say which make the name/,
    ],
    [
      "for a query that is no template",
      "rules:\n- seriesQuery: a\n  metricsQuery: |\n    sum(\n    <<.Series)\n",
      /^adapter\.yml:3:17: metricsQuery: the template does not parse: line 2: /,
    ],
    [
      "for a template of labels that is none",
      "rules: [{seriesQuery: a, resources: {template: '<<.Resource'}}]",
      /resources\.template: the template does not parse: line 1: unclosed action/,
    ],
    [
      "for a template of labels without the resource",
      "rules: [{seriesQuery: a, resources: {template: 'a_<<.Group>>'}}]",
      /resources\.template: it must show <<\.Resource>>/,
    ],
    [
      "for a template of labels with another field",
      "rules: [{seriesQuery: a, resources: {template: '<<.Name>>'}}]",
      /can't evaluate field Name/,
    ],
    [
      "for an override without a resource",
      "rules: [{seriesQuery: a, resources: {overrides: {a: {group: apps}}}}]",
      /an override needs a resource/,
    ],
    [
      "for a label that is overridden twice",
      "rules: [{seriesQuery: a, resources: {overrides: {a: {resource: x}, a: {resource: y}}}}]",
      /key "a" already set in map/,
    ],
    ["for a rule without series", "rules: [{metricsQuery: a}]", /a rule needs a seriesQuery/],
    ["for an empty window", "resourceRules: {window: ''}", /empty duration string/],
    ["for a window in an unknown unit", "resourceRules: {window: 5x}", /unknown unit "x"/],
    ["for what is no YAML", "rules: [", /adapter\.yml:\d+:\d+: yaml: /],
    [
      "for upstream's own sample, whose quotes do not nest",
      `rules:\n- metricsQuery: "sum(<<.Series>>{container!="POD"})"\n`,
      /adapter\.yml:2:\d+: yaml: /,
    ],
  ];
  for (const [what, text, reason] of cases) {
    test(what, () => {
      assert.throws(
        () => parsed(text),
        (error) => error instanceof ConfigurationError && reason.test(error.message),
      );
    });
  }

  test("with every finding at once", () => {
    const text =
      "rules:\n- {seriesQuery: a, name: {matches: '('}}\n- {seriesQuery: b, metricsQuery: '<<'}\nexternalRules:\n- {nothing: 1}\n";
    assert.throws(
      () => parsed(text),
      (error) => error instanceof ConfigurationError && error.findings.length >= 3,
    );
  });
});

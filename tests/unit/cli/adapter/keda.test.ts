import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { parse } from "yaml";
import { firstSelector, mayFind, seriesNameIn } from "../../../../cli/adapter/keda/series.ts";
import { structureOf } from "../../adapter/promql.ts";
import { folderFor, rollcall } from "../run.ts";

const workload = ["--prometheus", "http://prometheus:9090", "--workload", "Deployment/web"];

const translated = async (
  context: TestContext,
  option: "--rules" | "--scaled-object",
  text: string,
  words: readonly string[] = [],
) => {
  const file = join(folderFor(context), "file.yml");
  writeFileSync(file, text);
  const more = option === "--rules" ? workload : [];
  const { out, err, code } = await rollcall(["adapter", "keda", option, file, ...more, ...words]);
  return { object: parse(out), notes: err.split("\n").filter((line) => line !== ""), code };
};

interface Trigger {
  readonly name: string;
  readonly metricType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const queriesIn = (object: { spec: { triggers: readonly Trigger[] } }) =>
  object.spec.triggers.map(({ name, metricType, metadata }) => [name, metricType, metadata.query]);

const podRule = (more = "") => `
rules:
- seriesQuery: '{__name__="http_requests_total",pod!=""}'
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}, service: {resource: service}}}
  name: {matches: "^(.*)_total$", as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
${more}`;

describe("rollcall adapter keda, of a rules file", () => {
  test("asks for the pods of the workload together, as an HPA's mean is of them", async (t) => {
    const { object, notes, code } = await translated(t, "--rules", podRule(), [
      "--namespace",
      "shop",
      "--threshold",
      "100",
    ]);
    assert.equal(code, 0);
    assert.deepEqual(notes, []);
    assert.deepEqual(object, {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name: "web", namespace: "shop" },
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "web" },
        triggers: [
          {
            type: "prometheus",
            name: "http_requests_per_second",
            metricType: "AverageValue",
            metadata: {
              serverAddress: "http://prometheus:9090",
              query: 'sum(sum(rate(http_requests_total{namespace="shop",pod=~"web-.*"}[2m])) by (pod))',
              ignoreNullValues: "false",
              threshold: "100",
            },
          },
        ],
      },
    });
  });

  test("asks for one object as it is", async (t) => {
    const { object } = await translated(t, "--rules", podRule(), ["--object", "service/front"]);
    assert.deepEqual(queriesIn(object), [
      [
        "http_requests_per_second",
        "Value",
        'sum(sum(rate(http_requests_total{namespace="default",service="front"}[2m])) by (service))',
      ],
    ]);
  });

  test("asks for external metrics by their selector, with or without the namespace", async (t) => {
    const text = `
externalRules:
- {seriesQuery: queue_depth, metricsQuery: "sum(<<.Series>>{<<.LabelMatchers>>}) by (name)", resources: {overrides: {namespace: {resource: namespace}}}}
- {seriesQuery: 'lag{a="b"}', metricsQuery: "<<.Series>>{<<.LabelMatchers>>}", resources: {namespaced: false}}
`;
    const { object } = await translated(t, "--rules", text, ["--selector", "name=orders"]);
    assert.deepEqual(queriesIn(object), [
      ["queue_depth", "AverageValue", 'sum(sum(queue_depth{name="orders",namespace="default"}) by (name))'],
      ["lag", "AverageValue", 'sum(lag{name="orders"})'],
    ]);
    for (const [, , query] of queriesIn(object)) assert.ok(structureOf(query ?? ""));
  });

  test("needs to be told of series where a rule names none, and says so", async (t) => {
    const text = podRule().replace('__name__="http_requests_total"', '__name__=~"^http_.*"');
    const without = await translated(t, "--rules", text);
    assert.equal(without.code, 1);
    assert.match(
      without.notes.join(),
      /rules\[0\]: its seriesQuery names no certain series; say with --series/,
    );
    const { object, notes } = await translated(t, "--rules", text, [
      "--series",
      "http_requests_total",
      "--series",
      "other_total",
    ]);
    assert.deepEqual(
      queriesIn(object).map(([name]) => name),
      ["http_requests_per_second"],
    );
    assert.match(notes.join(), /threshold: 1 stands for the target/);
  });

  test("says what KEDA has no word for", async (t) => {
    const { notes } = await translated(t, "--rules", podRule("resourceRules: {window: 5m}"));
    assert.match(notes.join(), /resourceRules: KEDA does not serve metrics\.k8s\.io/);
    const foreign = podRule().replace("resource: pod}", "resource: brand, group: cheese.io}");
    const { notes: told, code } = await translated(t, "--rules", foreign);
    assert.equal(code, 1);
    assert.match(
      told.join(),
      /rules\[0\]: http_requests_per_second: the cluster has no resource brand\.cheese\.io/,
    );
  });

  const wrong: [string, string[], RegExp][] = [
    ["nothing to read", [], /needs one of --rules FILE and --scaled-object FILE/],
    ["both", ["--rules", "a", "--scaled-object", "b"], /needs one of/],
    ["no Prometheus", ["--rules", "a", "--workload", "Deployment/web"], /needs --prometheus URL/],
    ["no workload", ["--rules", "a", "--prometheus", "http://p"], /needs --workload KIND\/NAME/],
    ["a file that is not there", ["--rules", "/nowhere/a", ...workload], /ENOENT/],
    ["a selector that is none", ["--rules", "a", ...workload, "--selector", "a b"], /--selector a b: /],
    [
      "a threshold that is none",
      ["--rules", "a", ...workload, "--threshold", "0"],
      /--threshold 0: expected a number above 0/,
    ],
    [
      "an object that is none",
      ["--rules", "a", ...workload, "--object", "service"],
      /--object service: expected RESOURCE\/NAME/,
    ],
  ];
  for (const [what, words, reason] of wrong) {
    test(`ends with 2 for ${what}`, async () => {
      const { err, code } = await rollcall(["adapter", "keda", ...words]);
      assert.equal(code, 2);
      assert.match(err, reason);
    });
  }
});

describe("rollcall adapter keda, of a ScaledObject", () => {
  const scaledObject = (...triggers: string[]) => `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web}
spec:
  scaleTargetRef: {name: web}
  triggers:
${triggers.map((trigger) => `  - ${trigger}`).join("\n")}
`;
  const prometheus = (query: string, more = "") =>
    `{type: prometheus, metadata: {serverAddress: "http://p", query: ${JSON.stringify(query)}, threshold: "5"${more}}}`;

  test("has a rule for each query, which is asked as it is", async (t) => {
    const { object, notes, code } = await translated(
      t,
      "--scaled-object",
      scaledObject(prometheus('sum(rate(hits{a="b"}[2m]))')),
    );
    assert.equal(code, 0);
    assert.deepEqual(object, {
      externalRules: [
        {
          seriesQuery: 'hits{a="b"}',
          name: { as: "web-0" },
          resources: { namespaced: false },
          metricsQuery: 'sum(rate(hits{a="b"}[2m]))',
        },
      ],
    });
    assert.deepEqual(notes, ["web-0: the HPA's target is averageValue: 5, of an External metric"]);
  });

  test("says what rules have no word for", async (t) => {
    const text = scaledObject(
      "{type: cron, metadata: {timezone: UTC}}",
      prometheus("vector(1)"),
      prometheus("up", ", activationThreshold: 3, unsafeSsl: true"),
      '{type: prometheus, name: n, metricType: Value, authenticationRef: {name: a}, metadata: {serverAddress: "http://q", query: down}}',
    );
    const { notes } = await translated(t, "--scaled-object", text);
    assert.deepEqual(notes, [
      "web-0: a trigger of type cron asks no Prometheus",
      "web-1: the query is about no series, by which a rule could find it: vector(1)",
      "web-2: the HPA's target is averageValue: 5, of an External metric",
      "web-2: activationThreshold has no counterpart in rules: an HPA does not scale to zero",
      "web-2: unsafeSsl has no counterpart in rules: tls_config of the adapter's prometheus block",
      "n: the HPA's target is value: ?, of an External metric",
      "n: authenticationRef: credentials stand in the adapter's prometheus block",
      "an adapter asks one Prometheus, and these triggers ask http://p, http://q: make an adapter for each",
    ]);
  });

  test("ends with 1 when nothing can be translated, and with 2 without any", async (t) => {
    assert.equal((await translated(t, "--scaled-object", scaledObject("{type: cron}"))).code, 1);
    const { code, notes } = await translated(t, "--scaled-object", "kind: Pod");
    assert.equal(code, 2);
    assert.match(notes.join(), /there is no ScaledObject or ScaledJob in it/);
  });

  test("comes back from its own rules as what it was", async (t) => {
    const query = 'sum(rate(hits{a="b << c"}[2m]))';
    const { object: rules } = await translated(t, "--scaled-object", scaledObject(prometheus(query)));
    const { object } = await translated(t, "--rules", JSON.stringify(rules));
    assert.deepEqual(queriesIn(object), [["web-0", "AverageValue", `sum(${query})`]]);
  });
});

describe("the first series of a query", () => {
  const cases: [string, string | undefined][] = [
    ["up", "up"],
    ['up{a="}"}', 'up{a="}"}'],
    ['{__name__="up"}', '{__name__="up"}'],
    ["sum by (pod) (rate(hits_total[5m]))", "hits_total"],
    ["sum(x) by (y)", "x"],
    ["1.5 * a:b:c offset 5m", "a:b:c"],
    ["histogram_quantile(0.99, sum(rate(h_bucket{le!=''}[5m])) by (le))", "h_bucket{le!=''}"],
    ["# up\n 'text' + down", "down"],
    ["vector(1) or inf", undefined],
    ["time() > bool 5", undefined],
  ];
  for (const [query, expected] of cases)
    test(`of ${query} is ${expected}`, () => assert.equal(firstSelector(query), expected));

  test("of a rule may be known by name", () => {
    assert.equal(seriesNameIn("up"), "up");
    assert.equal(seriesNameIn('up{a="b"}'), "up");
    assert.equal(seriesNameIn('{a="b",__name__="up"}'), "up");
    assert.equal(seriesNameIn('{__name__=~"up"}'), undefined);
    assert.equal(mayFind('{__name__=~"^u.*",a!=""}', "up"), true);
    assert.equal(mayFind('{__name__!~"^u.*"}', "up"), false);
    assert.equal(mayFind("down", "up"), false);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRules } from "../../../../lib/adapter/config/parse.ts";
import {
  type Answer,
  PrometheusFailure,
  type Sample,
} from "../../../../lib/adapter/prometheus/prometheus.ts";
import { createPrometheusProvider } from "../../../../lib/adapter/provider/prometheus.ts";
import { SourceFailure } from "../../../../lib/adapter/provider/provider.ts";
import { buildRegistry } from "../../../../lib/adapter/registry/build.ts";
import { Unbuildable, UnknownMetric } from "../../../../lib/adapter/registry/registry.ts";
import { createLog } from "../../../../lib/log.ts";
import { clusterResources } from "../cluster.ts";

const text = `
rules: [{seriesQuery: q, resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}, metricsQuery: "<<.Series>>{<<.LabelMatchers>>}"}]
externalRules: [{seriesQuery: q, resources: {overrides: {namespace: {resource: namespace}}}, metricsQuery: "<<.Series>>{<<.LabelMatchers>>}"}]
resourceRules:
  cpu:
    containerQuery: cpu{<<.LabelMatchers>>} by (<<.GroupBy>>)
    nodeQuery: nodecpu{<<.LabelMatchers>>} by (<<.GroupBy>>)
    resources: {overrides: {node: {resource: node}, namespace: {resource: namespace}, pod: {resource: pod}}}
    containerLabel: container
  memory:
    containerQuery: memory{<<.LabelMatchers>>} by (<<.GroupBy>>)
    nodeQuery: nodememory{<<.LabelMatchers>>} by (<<.GroupBy>>)
    resources: {overrides: {instance: {resource: node}, namespace: {resource: namespace}, pod: {resource: pod}}}
    containerLabel: container
  window: 5m
`;
const rules = { path: "adapter.yml", text };
const entry = { metric: "hits", rule: 0, series: "hits", group: "", resource: "pods", namespaced: true };
const record = {
  at: 1,
  rules,
  resources: clusterResources,
  custom: [entry],
  external: [{ metric: "queue", rule: 0, series: "queue" }],
};

const sample = (labels: Readonly<Record<string, string>>, value: number, at = 100): Sample => ({
  labels,
  at,
  value,
});
const vector = (...samples: Sample[]): Answer => ({ type: "vector", samples });

type Answers = (promql: string) => Answer;

const providing = (answers: Answers, { isListed = true, of = text } = {}) => {
  const asked: string[] = [];
  const lines: string[] = [];
  const provider = createPrometheusProvider({
    rules: parseRules({ path: "adapter.yml", text: of }),
    registry: async () => (isListed ? buildRegistry(record) : undefined),
    prometheus: {
      series: async () => [],
      query: async (promql, at) => {
        asked.push(`${promql}@${at}`);
        return answers(promql);
      },
    },
    now: () => 1_500,
    log: createLog({ level: "info", write: (line) => lines.push(line) }),
  });
  return { provider, asked, lines };
};

const away = () => {
  throw new PrometheusFailure("http://prometheus: away");
};

describe("custom metrics of a Prometheus (spec B6)", () => {
  const asked = { ...entry, namespace: "web", names: ["a", "b"], selector: [] };

  test("are values by the object's name, the last of several", async () => {
    const { provider, asked: queries } = providing(() =>
      vector(
        sample({ pod: "a" }, 1),
        sample({ pod: "b" }, Number.NaN),
        sample({ pod: "a" }, 3),
        sample({}, 9),
      ),
    );
    const found = await provider.custom(asked);
    assert.deepEqual([found.get("a"), found.get("b"), found.get("c")], [3, Number.NaN, undefined]);
    assert.deepEqual(queries, ['hits{namespace="web",pod=~"a|b"}@1.5']);
  });

  test("fail when the server fails, or answers with what is no vector", async () => {
    await assert.rejects(providing(away).provider.custom(asked), SourceFailure);
    await assert.rejects(
      providing(() => ({ type: "scalar", at: 1, value: 1 })).provider.custom(asked),
      SourceFailure,
    );
    await assert.rejects(
      providing(() => ({ type: "matrix", samples: [] })).provider.custom(asked),
      SourceFailure,
    );
  });

  test("are unknown when they were not registered", async () => {
    await assert.rejects(
      providing(() => vector()).provider.custom({ ...asked, metric: "other" }),
      UnknownMetric,
    );
    await assert.rejects(
      providing(() => vector(), { isListed: false }).provider.custom(asked),
      UnknownMetric,
    );
  });

  test("cannot be asked for by what PromQL lacks", async () => {
    const selector = [{ key: "a", operator: ">" as const, values: ["1"] }];
    await assert.rejects(providing(() => vector()).provider.custom({ ...asked, selector }), Unbuildable);
  });
});

describe("external metrics of a Prometheus (spec B7)", () => {
  const asked = { metric: "queue", namespace: "web", selector: [] };

  test("are samples with all their labels and their own times", async () => {
    const { provider, asked: queries } = providing(() =>
      vector(sample({ __name__: "queue", a: "b" }, 1.5, 7)),
    );
    assert.deepEqual(await provider.external(asked), [
      { labels: { __name__: "queue", a: "b" }, at: 7, value: 1.5 },
    ]);
    assert.deepEqual(queries, ['queue{namespace="web"}@1.5']);
  });

  test("may be none, or one without labels", async () => {
    assert.deepEqual(await providing(() => vector()).provider.external(asked), []);
    assert.deepEqual(await providing(() => ({ type: "scalar", at: 3, value: 4 })).provider.external(asked), [
      { labels: null, at: 3, value: 4 },
    ]);
  });

  test("fail when the server fails, or answers with a matrix", async () => {
    await assert.rejects(providing(away).provider.external(asked), SourceFailure);
    await assert.rejects(
      providing(() => ({ type: "matrix", samples: [] })).provider.external(asked),
      SourceFailure,
    );
    await assert.rejects(
      providing(() => vector()).provider.external({ ...asked, metric: "none" }),
      UnknownMetric,
    );
  });
});

describe("the catalogue of a Prometheus's metrics", () => {
  test("is what was registered", async () => {
    const { namespaced, group, resource, metric } = entry;
    assert.deepEqual(await providing(() => vector()).provider.catalogue(), {
      custom: [{ group, resource, namespaced, metric }],
      external: ["queue"],
      resources: true,
    });
  });

  test("is empty before the first relist, and lacks what there are no rules for", async () => {
    assert.deepEqual(await providing(() => vector(), { isListed: false }).provider.catalogue(), {
      custom: [],
      external: [],
      resources: true,
    });
    assert.deepEqual(await providing(() => vector(), { of: "" }).provider.catalogue(), {
      custom: undefined,
      external: undefined,
      resources: false,
    });
  });
});

describe("resource metrics of a Prometheus (spec B8)", () => {
  const container = (pod: string, name: string, value: number, at?: number) =>
    sample({ pod, container: name }, value, at);

  test("of pods are those of their containers, with the earliest time", async () => {
    const { provider, asked } = providing((promql) =>
      promql.startsWith("cpu")
        ? vector(container("a", "x", 0.5, 90), container("a", "y", 1), container("b", "x", 2))
        : vector(container("a", "x", 1024), container("a", "z", 5), container("c", "x", 1)),
    );
    const pods = ["a", "b", "c", "d"].map((name) => ({ namespace: "web", name }));
    assert.deepEqual(await provider.pods(pods), [
      {
        namespace: "web",
        name: "a",
        at: 90,
        window: 300_000,
        containers: [
          { name: "x", cpu: 0.5, memory: 1024 },
          { name: "y", cpu: 1, memory: 0 },
          { name: "z", cpu: 0, memory: 5 },
        ],
      },
    ]);
    assert.deepEqual(asked.sort(), [
      'cpu{namespace="web",pod=~"a|b|c|d"} by (pod,container)@1.5',
      'memory{namespace="web",pod=~"a|b|c|d"} by (pod,container)@1.5',
    ]);
  });

  test("of pods need no registry", async () => {
    const { provider } = providing(() => vector(container("a", "x", 1)), { isListed: false });
    assert.equal((await provider.pods([{ namespace: "web", name: "a" }])).length, 1);
  });

  test("of a namespace that fails are left out, and that is told", async () => {
    const { provider, lines } = providing((promql) =>
      promql.includes('"bad"') ? away() : vector(container("a", "x", 1)),
    );
    const found = await provider.pods([
      { namespace: "bad", name: "a" },
      { namespace: "web", name: "a" },
    ]);
    assert.deepEqual(
      found.map(({ namespace }) => namespace),
      ["web"],
    );
    assert.match(lines.join(), /no metrics of a namespace's pods.*"namespace":"bad"/);
  });

  test("are asked for no further namespace once nobody waits", async () => {
    const controller = new AbortController();
    const { provider, asked } = providing(() => {
      controller.abort();
      return vector(container("a", "x", 1));
    });
    const pods = Array.from({ length: 50 }, (_, n) => ({ namespace: `n${n}`, name: "a" }));
    await assert.rejects(provider.pods(pods, controller.signal), { name: "AbortError" });
    assert.ok(asked.length <= 8, `${asked.length} queries`);
  });

  test("are never less than nothing, and always a number", async () => {
    const values = [Number.NaN, -1, Number.POSITIVE_INFINITY, 2];
    const { provider } = providing(() => vector(...values.map((value, n) => container("a", `c${n}`, value))));
    const [pod] = await provider.pods([{ namespace: "web", name: "a" }]);
    assert.deepEqual(
      pod?.containers.map(({ cpu, memory }) => [cpu, memory]),
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [2, 2],
      ],
    );
  });

  test("of nodes are the first of several, of those that have both", async () => {
    const { provider, asked } = providing((promql) =>
      promql.startsWith("nodecpu")
        ? vector(sample({ node: "a" }, 1, 50), sample({ node: "a" }, 9), sample({ node: "b" }, 1))
        : vector(sample({ instance: "a" }, 2, 60), sample({ instance: "c" }, 1)),
    );
    assert.deepEqual(await provider.nodes(["a", "b", "c"]), [
      { name: "a", at: 50, window: 300_000, usage: { cpu: 1, memory: 2 } },
    ]);
    assert.deepEqual(asked.sort(), [
      'nodecpu{node=~"a|b|c"} by (node)@1.5',
      'nodememory{instance=~"a|b|c"} by (instance)@1.5',
    ]);
  });

  test("of nodes are none when a query fails", async () => {
    const { provider, lines } = providing(away);
    assert.deepEqual(await provider.nodes(["a"]), []);
    assert.match(lines.join(), /no metrics of nodes/);
  });
});

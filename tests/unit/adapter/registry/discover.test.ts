import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRules } from "../../../../lib/adapter/config/parse.ts";
import { createMapper } from "../../../../lib/adapter/mapper/known.ts";
import { keyOf } from "../../../../lib/adapter/naming/association.ts";
import { buildRegistry } from "../../../../lib/adapter/registry/build.ts";
import { discover } from "../../../../lib/adapter/registry/discover.ts";
import { packRecord, unpackRecord } from "../../../../lib/adapter/registry/record.ts";
import { Unbuildable, UnknownMetric } from "../../../../lib/adapter/registry/registry.ts";
import { clusterResources } from "../cluster.ts";

type Labels = Readonly<Record<string, string>>;

/** A server that knows these series for these queries, and counts what it is asked. */
const serverOf = (known: Readonly<Record<string, readonly (readonly [string, Labels])[]>>) => {
  const asked: string[] = [];
  return {
    asked,
    series: async (query: string, start: number) => {
      asked.push(`${query}@${start}`);
      const found = known[query];
      if (found === undefined) throw new Error("bad_data: unknown");
      return found.map(([name, labels]) => ({ name, labels }));
    },
  };
};

const registered = async (text: string, known: Parameters<typeof serverOf>[0]) => {
  const rules = { path: "adapter.yml", text };
  const server = serverOf(known);
  const mapper = createMapper(clusterResources);
  const found = await discover({ rules: parseRules(rules), mapper, prometheus: server, start: 100 });
  const record = { at: 1, rules, resources: clusterResources, ...found };
  // What is kept is what is used.
  return { server, ...buildRegistry(unpackRecord(packRecord(record))) };
};

const listed = ({ registry }: Awaited<ReturnType<typeof registered>>) =>
  registry.custom.map((one) => `${keyOf(one)}/${one.metric}${one.namespaced ? " namespaced" : ""}`);

const overrides =
  "resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}, node: {resource: node}}}";

const askedOfPods = {
  group: "",
  resource: "pods",
  metric: "m",
  namespaced: true,
  namespace: "ns",
  names: ["x"],
  selector: [],
};

describe("a look at the series of a server (spec B4)", () => {
  test("registers a metric for each resource of a series", async () => {
    const found = await registered(`rules: [{seriesQuery: q, ${overrides}}]`, {
      q: [["hits", { namespace: "a", pod: "b" }]],
    });
    assert.deepEqual(listed(found), ["namespaces/hits", "pods/hits namespaced"]);
  });

  test("registers a series that has only a node at the root (spec C6)", async () => {
    const { registry } = await registered(
      `rules: [{seriesQuery: q, ${overrides}, metricsQuery: "<<.Series>>{<<.LabelMatchers>>}"}]`,
      {
        q: [["m", { node: "x" }]],
      },
    );
    const asked = { ...askedOfPods, resource: "nodes", namespaced: false, namespace: undefined };
    assert.deepEqual(registry.customQuery(asked), { promql: 'm{node="x"}', label: "node" });
    assert.throws(() => registry.customQuery({ ...asked, namespaced: true, namespace: "ns" }), UnknownMetric);
  });

  test("has no query in a namespace where only the pod has a label (spec C6)", async () => {
    const { registry } = await registered(
      "rules: [{seriesQuery: q, resources: {overrides: {pod: {resource: pod}}}, metricsQuery: x}]",
      {
        q: [["m", { pod: "x" }]],
      },
    );
    assert.throws(() => registry.customQuery(askedOfPods), Unbuildable);
  });

  test("asks for each distinct query once, also across both kinds of rules", async () => {
    const text =
      "rules: [{seriesQuery: q}, {seriesQuery: r}, {seriesQuery: q}]\nexternalRules: [{seriesQuery: q}, {seriesQuery: e}]";
    const { server } = await registered(text, { q: [], r: [], e: [] });
    assert.deepEqual(server.asked.sort(), ["e@100", "q@100", "r@100"]);
  });

  test("fails as a whole when one query fails, and says which", async () => {
    await assert.rejects(
      registered("rules: [{seriesQuery: q}, {seriesQuery: gone}]", { q: [] }),
      /series query "gone": bad_data: unknown/,
    );
  });

  test("passes over series without a name", async () => {
    const text = `rules: [{seriesQuery: q, ${overrides}, name: {matches: '^(.*)_total$'}}]\nexternalRules: [{seriesQuery: q, name: {matches: '^(.*)_total$'}}]`;
    const found = await registered(text, {
      q: [
        ["a_total", { pod: "x" }],
        ["b", { pod: "x" }],
        ["", { pod: "x" }],
      ],
    });
    assert.deepEqual(listed(found), ["pods/a namespaced"]);
    assert.deepEqual(found.registry.external, ["a"]);
  });

  test("lets the last rule have a name that several make", async () => {
    const rule = (query: string, promql: string) =>
      `{seriesQuery: ${query}, ${overrides}, name: {as: m}, metricsQuery: "${promql}"}`;
    const text = `rules: [${rule("q", "one")}, ${rule("r", "two <<.Series>>")}]\nexternalRules: [${rule("q", "three")}, ${rule("r", "four <<.Series>>")}]`;
    const { registry } = await registered(text, {
      q: [["a", { pod: "x" }]],
      r: [
        ["b", { pod: "x" }],
        ["c", { pod: "x" }],
      ],
    });
    assert.equal(registry.customQuery(askedOfPods).promql, "two c");
    assert.equal(registry.externalQuery({ metric: "m", namespace: "ns", selector: [] }), "four c");
  });

  test("sorts what it lists", async () => {
    const found = await registered('rules: [{seriesQuery: q, resources: {template: "<<.Resource>>"}}]', {
      q: [
        ["z", { job: "x", pod: "x" }],
        ["a", { service: "x", deployment: "x" }],
      ],
    });
    assert.deepEqual(listed(found), [
      "deployments.apps/a namespaced",
      "jobs.batch/z namespaced",
      "pods/z namespaced",
      "services/a namespaced",
    ]);
  });

  const overriding = "resources: {overrides: {a: {resource: wine}}}";
  for (const text of [
    `rules: [{seriesQuery: q, ${overriding}}]`,
    `externalRules: [{seriesQuery: q, ${overriding}}]`,
    `resourceRules: {memory: {${overriding}}}`,
  ]) {
    test(`refuses an override that the cluster does not have in ${text.split(":")[0]}`, async () => {
      await assert.rejects(registered(text, { q: [] }), /no resource wine/);
    });
  }
});

describe("a registry", () => {
  const empty = buildRegistry({
    at: 0,
    rules: { path: "a", text: "" },
    resources: [],
    custom: [],
    external: [],
  });

  test("knows nothing that was not found", () => {
    assert.throws(() => empty.registry.customQuery(askedOfPods), UnknownMetric);
    assert.throws(
      () => empty.registry.externalQuery({ metric: "m", namespace: "ns", selector: [] }),
      UnknownMetric,
    );
    assert.deepEqual([empty.registry.custom, empty.registry.external], [[], []]);
  });

  test("is not made of bytes that are none", () => {
    assert.throws(() => unpackRecord(new Uint8Array([1, 2, 3])));
  });
});

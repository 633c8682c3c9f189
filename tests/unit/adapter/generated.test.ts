import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parseRules } from "../../../lib/adapter/config/parse.ts";
import { createMapper } from "../../../lib/adapter/mapper/known.ts";
import { createPrometheusProvider } from "../../../lib/adapter/provider/prometheus.ts";
import { buildRegistry } from "../../../lib/adapter/registry/build.ts";
import { discover } from "../../../lib/adapter/registry/discover.ts";
import { createLog } from "../../../lib/log.ts";
import { clusterResources } from "./cluster.ts";
import { structureOf } from "./promql.ts";

const path = new URL("../../fixtures/adapter/generated.yml", import.meta.url);
const rules = { path: "generated.yml", text: readFileSync(path, "utf8") };

const container = { namespace: "shop", pod: "web-1", container: "app" };
const own = { kube_namespace: "shop", kube_pod: "web-1", instance: "10.0.0.1:80" };
const found: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  container_cpu_usage_seconds_total: container,
  container_network_receive_bytes_total: container,
  container_memory_rss: container,
  queue_depth: own,
  http_requests_total: own,
  work_seconds_total: { ...own, kube_service: "front" },
};

const prometheus = {
  series: async (query: string) =>
    Object.entries(found)
      .filter(([name]) => name.startsWith("container_") === query.includes('"^container_.*",'))
      .map(([name, labels]) => ({ name, labels })),
  query: async () => ({ type: "vector" as const, samples: [] }),
};

const registered = async () => {
  const mapper = createMapper(clusterResources);
  const parsed = parseRules(rules);
  const discovered = await discover({ rules: parsed, mapper, prometheus, start: 0 });
  return buildRegistry({ at: 0, rules, resources: clusterResources, ...discovered });
};

describe("the rules that prometheus-adapter generates", () => {
  test("name counters without their endings, and gauges as they are", async () => {
    const { registry } = await registered();
    const names = registry.custom.map(({ resource, metric }) => `${resource}/${metric}`);
    const each = ["cpu_usage", "http_requests", "memory_rss", "network_receive_bytes", "queue_depth", "work"];
    assert.deepEqual(names, [
      ...each.map((name) => `namespaces/${name}`),
      ...each.map((name) => `pods/${name}`),
      "services/work",
    ]);
  });

  const queries: [string, string][] = [
    [
      "cpu_usage",
      'sum(rate(container_cpu_usage_seconds_total{namespace="shop",pod=~"a|b",container!="POD"}[5m])) by (pod)',
    ],
    [
      "network_receive_bytes",
      'sum(rate(container_network_receive_bytes_total{namespace="shop",pod=~"a|b",container!="POD"}[5m])) by (pod)',
    ],
    ["memory_rss", 'sum(container_memory_rss{namespace="shop",pod=~"a|b",container!="POD"}) by (pod)'],
    ["queue_depth", 'sum(queue_depth{kube_namespace="shop",kube_pod=~"a|b"}) by (kube_pod)'],
    [
      "http_requests",
      'sum(rate(http_requests_total{kube_namespace="shop",kube_pod=~"a|b"}[5m])) by (kube_pod)',
    ],
    ["work", 'sum(rate(work_seconds_total{kube_namespace="shop",kube_pod=~"a|b"}[5m])) by (kube_pod)'],
  ];
  for (const [metric, expected] of queries) {
    test(`ask for ${metric} of pods as upstream does`, async () => {
      const { registry } = await registered();
      const asked = {
        group: "",
        resource: "pods",
        namespaced: true,
        metric,
        namespace: "shop",
        names: ["a", "b"],
        selector: [],
      };
      const { promql } = registry.customQuery(asked);
      assert.equal(promql, expected);
      assert.ok(structureOf(promql));
    });
  }

  test("ask for resource metrics as upstream does", async () => {
    const asked: string[] = [];
    const provider = createPrometheusProvider({
      rules: parseRules(rules),
      registry: registered,
      prometheus: {
        ...prometheus,
        query: async (promql) => {
          asked.push(promql);
          return { type: "vector", samples: [] };
        },
      },
      now: () => 0,
      log: createLog({ level: "error" }),
    });
    await provider.pods([{ namespace: "shop", name: "a" }]);
    await provider.nodes(["n"]);
    assert.deepEqual(asked, [
      'sum(rate(container_cpu_usage_seconds_total{namespace="shop",pod="a"}[5m])) by (pod,kube_container)',
      'sum(container_memory_working_set_bytes{namespace="shop",pod="a"}) by (pod,kube_container)',
      `sum(rate(container_cpu_usage_seconds_total{instance="n", id='/'}[5m])) by (instance)`,
      `sum(container_memory_working_set_bytes{instance="n",id='/'}) by (instance)`,
    ]);
    for (const promql of asked) assert.ok(structureOf(promql));
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { DataBatch } from "../../../../lib/metrics/batch.ts";
import { createClusterAggregator } from "../../../../lib/metrics/processors/clusteraggregator.ts";
import {
  createNamespaceAggregator,
  namespaceMetrics,
} from "../../../../lib/metrics/processors/namespaceaggregator.ts";
import { createNamespaceEnricher } from "../../../../lib/metrics/processors/namespaceenricher.ts";
import { createNodeAggregator } from "../../../../lib/metrics/processors/nodeaggregator.ts";
import { createPodAggregator } from "../../../../lib/metrics/processors/podaggregator.ts";
import { batchOf, valuesOf, type WrittenSet } from "../batches.ts";

const container = (pod: string, values: WrittenSet["values"] & object, more = {}): WrittenSet => ({
  labels: { type: "pod_container", namespace_name: "shop", pod_name: pod, ...more },
  values,
});
const pod = (namespace: string, values: WrittenSet["values"] & object, more = {}): WrittenSet => ({
  labels: { type: "pod", namespace_name: namespace, pod_name: "p", ...more },
  values,
});
const unexpected = (key: string, metric: string) => assert.fail(`${key} ${metric}`);
const podAggregator = createPodAggregator(unexpected);

describe("the pod aggregator", () => {
  test("sums containers into a pod of its making, without counters, with rates, restarts and custom metrics", () => {
    const where = { nodename: "n", hostname: "h", pod_id: "u", namespace_id: "s" };
    const batch = batchOf({
      a: container(
        "web",
        { "memory/usage": 1, "cpu/usage": [9], "network/rx_rate": "0.5", restart_count: 2, "custom/qps": 7 },
        where,
      ),
      b: container(
        "web",
        { "memory/usage": 2, uptime: [9], "network/rx_rate": "0.25", restart_count: 1 },
        where,
      ),
    });
    podAggregator.process(batch);
    const key = "namespace:shop/pod:web";
    assert.deepEqual(valuesOf(batch, key), {
      "memory/usage": 3n,
      "network/rx_rate": 0.75,
      restart_count: 3n,
      "custom/qps": 7n,
    });
    assert.deepEqual(batch.sets.get(key)?.labels, {
      type: "pod",
      pod_id: "u",
      pod_name: "web",
      namespace_name: "shop",
      namespace_id: "s",
      hostname: "h",
    });
  });

  test("leaves alone what the pod has by itself, and sums the rest into it", () => {
    const key = "namespace:shop/pod:web";
    const batch = batchOf({
      a: container("web", { "memory/usage": 10, "cpu/request": 1 }),
      [key]: {
        labels: { type: "pod", namespace_name: "shop", pod_name: "web" },
        values: { "memory/usage": 4 },
      },
      b: container("web", { "memory/usage": 20, "cpu/request": 2 }),
    });
    podAggregator.process(batch);
    assert.deepEqual(valuesOf(batch, key), { "memory/usage": 4n, "cpu/request": 3n });
  });

  test("skips a metric whose type differs from container to container, and says so", () => {
    const told: string[] = [];
    const batch = batchOf({
      a: container("web", { "custom/x": 1 }),
      b: container("web", { "custom/x": "1.5" }),
      c: container("web", { "custom/x": 2 }),
    });
    createPodAggregator((key, metric) => told.push(`${key} ${metric}`)).process(batch);
    assert.deepEqual(valuesOf(batch, "namespace:shop/pod:web"), { "custom/x": 3n });
    assert.deepEqual(told, ["namespace:shop/pod:web custom/x"]);
  });

  test("takes no container that does not say whose it is, and no labelled metric", () => {
    const labeled = [
      { name: "filesystem/usage", labels: { resource_id: "/" }, type: "gauge" as const, value: 1n },
    ];
    const batch = batchOf({
      a: { labels: { type: "pod_container", pod_name: "web" }, values: { "memory/usage": 1 } },
      b: { ...container("web", {}), labeled },
    });
    podAggregator.process(batch);
    assert.deepEqual([...batch.sets.keys()], ["a", "b", "namespace:shop/pod:web"]);
    assert.deepEqual(batch.sets.get("namespace:shop/pod:web")?.labeled, []);
  });
});

describe("the namespace enricher", () => {
  test("tells pods, containers and namespaces the UID of theirs, and nobody else", () => {
    const batch = batchOf({
      a: container("web", {}),
      b: pod("gone", {}),
      c: { labels: { type: "ns", namespace_name: "shop" } },
      d: { labels: { type: "node", namespace_name: "shop" } },
    });
    const told: (readonly string[])[] = [];
    createNamespaceEnricher(new Map([["shop", "uid-shop"]]), (names) => told.push(names)).process(batch);
    assert.deepEqual(
      [...batch.sets.values()].map(({ labels }) => labels.namespace_id),
      ["uid-shop", undefined, "uid-shop", undefined],
    );
    assert.deepEqual(told, [["gone"]]);
  });

  test("says nothing when every namespace is known", () => {
    const batch = batchOf({ a: pod("shop", {}), b: { labels: { type: "pod" } } });
    createNamespaceEnricher(new Map([["shop", "uid-shop"]]), () => assert.fail("said something")).process(
      batch,
    );
  });
});

describe("the namespace, node and cluster aggregators", () => {
  test("sum pods into namespaces, and those into the cluster, which is always there", () => {
    const batch = batchOf({
      a: pod("shop", { "cpu/usage_rate": 5, "memory/usage": 7, "memory/rss": 9 }, { namespace_id: "uid" }),
      b: pod("shop", { "cpu/usage_rate": 6, "cpu/limit": 1 }),
      c: pod("bank", { "cpu/usage_rate": 100 }),
      d: { labels: { type: "pod" }, values: { "cpu/usage_rate": 1000 } },
      cluster: { labels: { type: "cluster" }, values: { "cpu/usage_rate": 1, stale: 1 } },
    });
    createNamespaceAggregator().process(batch);
    createClusterAggregator().process(batch);
    assert.deepEqual(valuesOf(batch, "namespace:shop"), {
      "cpu/usage_rate": 11n,
      "memory/usage": 7n,
      "cpu/limit": 1n,
    });
    assert.deepEqual(batch.sets.get("namespace:shop")?.labels, {
      type: "ns",
      namespace_name: "shop",
      namespace_id: "uid",
    });
    assert.equal(batch.sets.get("namespace:bank")?.labels.namespace_id, "");
    assert.deepEqual(valuesOf(batch, "cluster"), {
      "cpu/usage_rate": 111n,
      "memory/usage": 7n,
      "cpu/limit": 1n,
    });
    assert.deepEqual(batch.sets.get("cluster")?.labels, { type: "cluster" });
    const empty = batchOf({});
    createClusterAggregator().process(empty);
    assert.deepEqual([...empty.sets.keys()], ["cluster"]);
  });

  test("sum what pods ask for into nodes that exist", () => {
    const batch = batchOf({
      "node:n": { labels: { type: "node" }, values: {} },
      a: pod(
        "shop",
        { "cpu/request": 5, "ephemeral_storage/limit": 3, "cpu/usage_rate": 1 },
        { nodename: "n" },
      ),
      b: pod("shop", { "cpu/request": 6 }, { nodename: "n" }),
      c: pod("shop", { "cpu/request": 7 }, { nodename: "other" }),
      d: pod("shop", { "cpu/request": 8 }, { nodename: "" }),
    });
    createNodeAggregator().process(batch);
    assert.deepEqual(valuesOf(batch, "node:n"), { "cpu/request": 11n, "ephemeral_storage/limit": 3n });
    assert.equal(batch.sets.has("node:other"), false);
  });

  test("end the cycle when one metric has two types", () => {
    const batch = batchOf({
      a: pod("shop", { "memory/usage": 1 }),
      b: pod("shop", { "memory/usage": "1.5" }),
    });
    assert.throws(() => createNamespaceAggregator().process(batch), /memory\/usage is both int64 and double/);
  });

  test("lose and invent nothing: cluster, namespaces, pods and containers come to the same sums", () => {
    const one = fc.record({
      namespace: fc.constantFrom("a", "b", "c"),
      pod: fc.constantFrom("x", "y", "z"),
      values: fc.dictionary(fc.constantFrom(...namespaceMetrics), fc.bigInt({ min: 0n, max: 2n ** 40n })),
    });
    const total = (batch: DataBatch, type: string, metric: string) =>
      [...batch.sets.values()]
        .filter(({ labels }) => labels.type === type)
        .reduce((sum, { values }) => sum + BigInt(values.get(metric)?.value ?? 0n), 0n);
    fc.assert(
      fc.property(fc.array(one), (containers) => {
        const batch = batchOf(
          Object.fromEntries(
            containers.map(({ namespace, pod, values }, at) => [
              `container-${at}`,
              { labels: { type: "pod_container", namespace_name: namespace, pod_name: pod }, values },
            ]),
          ),
        );
        for (const processor of [podAggregator, createNamespaceAggregator(), createClusterAggregator()])
          processor.process(batch);
        for (const metric of namespaceMetrics) {
          const expected = total(batch, "pod_container", metric);
          for (const type of ["pod", "ns", "cluster"])
            assert.equal(total(batch, type, metric), expected, type);
        }
      }),
    );
  });
});

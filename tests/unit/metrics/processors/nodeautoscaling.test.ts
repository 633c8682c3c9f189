import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MetricsNode } from "../../../../lib/metrics/cluster/node.ts";
import { createNodeAutoscaling } from "../../../../lib/metrics/processors/nodeautoscaling.ts";
import { batchOf, nodeOf, valuesOf, type WrittenSet } from "../batches.ts";

const gib = 1024n ** 3n;
const enrich = (node: MetricsNode, values: WrittenSet["values"] & object) => {
  const batch = batchOf({ "node:n": { labels: { type: "node" }, values } });
  createNodeAutoscaling({ nodes: [node], copyLabels: (own, target) => Object.assign(target, own) }).process(
    batch,
  );
  return batch;
};

describe("the node autoscaling enricher", () => {
  test("divides by what is allocatable, and says what there is (C6)", () => {
    const node = nodeOf(
      "n",
      { cpu: 8000n, memory: 8n * gib },
      { allocatable: { cpu: 4000n, memory: 4n * gib } },
    );
    const batch = enrich(node, { "memory/usage": gib, "cpu/usage_rate": 1000, "cpu/request": 3000 });
    assert.deepEqual(valuesOf(batch, "node:n"), {
      "memory/usage": gib,
      "cpu/usage_rate": 1000n,
      "cpu/request": 3000n,
      "cpu/node_capacity": 8000,
      "cpu/node_allocatable": 4000,
      "cpu/node_utilization": 0.25,
      "cpu/node_reservation": 0.75,
      "memory/node_capacity": 8589934592,
      "memory/node_allocatable": 4294967296,
      "memory/node_utilization": 0.25,
      "memory/node_reservation": 0,
    });
  });

  test("says zero of what is not known, and divides by none of it", () => {
    assert.deepEqual(valuesOf(enrich(nodeOf("n", {}), { "memory/usage": 5 }), "node:n"), {
      "memory/usage": 5n,
      "cpu/node_capacity": 0,
      "cpu/node_allocatable": 0,
      "memory/node_capacity": 0,
      "memory/node_allocatable": 0,
    });
  });

  test("speaks of ephemeral storage only when both amounts are known", () => {
    const values = { "ephemeral_storage/usage": 25, "ephemeral_storage/request": 50 };
    const storage = { "ephemeral-storage": 100n };
    const shares = (node: MetricsNode) =>
      Object.entries(valuesOf(enrich(node, values), "node:n"))
        .filter(([name]) => name.startsWith("ephemeral_storage/node"))
        .map(([, value]) => value);
    assert.deepEqual(shares(nodeOf("n", storage)), [100, 100, 0.25, 0.5]);
    assert.deepEqual(shares(nodeOf("n", storage, { allocatable: {} })), []);
  });

  test("copies the node's labels, and leaves nodes without a set alone", () => {
    const batch = enrich(nodeOf("n", {}, { labels: { zone: "a" } }), {});
    assert.equal(batch.sets.get("node:n")?.labels.zone, "a");
    const other = batchOf({});
    createNodeAutoscaling({ nodes: [nodeOf("n", {})], copyLabels: () => {} }).process(other);
    assert.equal(other.sets.size, 0);
  });

  test("says nothing of a node that nobody knows the size of, but for its labels", () => {
    const node = { ...nodeOf("n", {}, { labels: { zone: "a" } }), amounts: undefined };
    const batch = enrich(node, { "memory/usage": gib });
    assert.deepEqual(valuesOf(batch, "node:n"), { "memory/usage": gib });
    assert.equal(batch.sets.get("node:n")?.labels.zone, "a");
  });
});

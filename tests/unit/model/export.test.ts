import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { smallBatch } from "./cluster.ts";
import { clusters, world } from "./world.ts";

const batches = [smallBatch(0), smallBatch(1)];
const end = "2026-01-01T00:00:00Z";
const common = { nodename: "n1", hostname: "host-1", host_id: "i-1" };

describe("the export of a batch", () => {
  test("is the newest batch, of nodes, pods and containers only, on one line", async () => {
    const { body, type } = await (await world({ batches }))("/api/v1/metric-export");
    assert.equal(type, "application/json");
    assert.equal(body.trim().split("\n").length, 1);
    const names = JSON.parse(body).map(({ labels }: { labels: Record<string, string> }) => [
      labels.pod_name,
      labels.container_name,
    ]);
    assert.deepEqual(names, [
      ["idle", "/pod"],
      ["idle", "app"],
      ["web", "/pod"],
      ["web", "app"],
      ["web", "side"],
      [undefined, "machine"],
      [undefined, "kubelet"],
    ]);
  });

  test("has a node's metrics of the schema, counters since their beginning, and labels without type", async () => {
    const { body } = await (await world({ batches }))("/api/v1/metric-export");
    const exact = body.replace("9007199254740993", '"9007199254740993"');
    assert.notEqual(exact, body, "no digit of a counter is lost");
    const node = JSON.parse(exact)[5];
    const now = { start: end, end };
    assert.deepEqual(node, {
      metrics: {
        "cpu/usage": [{ start: "2025-12-31T23:59:00Z", end, value: "9007199254740993" }],
        "filesystem/usage": [
          { ...now, labels: { resource_id: "/" }, value: 7 },
          { ...now, labels: { resource_id: "logs" }, value: 8 },
          { ...now, labels: { resource_id: "/", more: "x" }, value: 9 },
        ],
        "memory/usage": [{ ...now, value: 1001 }],
        "memory/working_set": [{ ...now, value: 3_145_728 }],
      },
      labels: { ...common, labels: "zone:a,gpu:yes", container_name: "machine" },
    });
  });

  test("is null without a batch, and empty when exports are off", async () => {
    assert.equal((await (await world())("/api/v1/metric-export")).body, "null\n");
    const off = `${clusters}metrics: {sources: ["kubernetes:"], disable_export: true}\n`;
    assert.equal((await (await world({ batches, settings: off }))("/api/v1/metric-export")).body, "[]\n");
  });

  test("has a schema of 28 metrics, 5 common labels and 4 of pods", async () => {
    const { body } = await (await world({ batches }))("/api/v1/metric-export-schema");
    const { metrics, common_labels, pod_labels } = JSON.parse(body);
    assert.deepEqual([metrics.length, common_labels.length, pod_labels.length], [28, 5, 4]);
    const names = metrics.map(({ name }: { name: string }) => name);
    assert.deepEqual(
      [names[0], names[13], names[14], names[15], names[16], names[27]],
      [
        "uptime",
        "network/tx_errors",
        "cpu/limit",
        "memory/limit",
        "disk/io_read_bytes",
        "accelerator/duty_cycle",
      ],
    );
    assert.deepEqual(
      [metrics[0].type, metrics[0].value_type, metrics[0].units],
      ["cumulative", "int64", "ms"],
    );
    assert.deepEqual(Object.keys(metrics[2]), ["name", "description", "type", "value_type"]);
    assert.equal(metrics[16].labels[0].key, "resource_id");
    assert.deepEqual(
      common_labels.map(({ key }: { key: string }) => key),
      ["nodename", "hostname", "host_id", "container_name", "container_base_image"],
    );
  });
});

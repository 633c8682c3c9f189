import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryBus } from "../../../../../lib/bus/memory.ts";
import { createEventBridgeSink } from "../../../../../lib/metrics/sinks/eventbridge/sink.ts";
import { metricsBatchReadySchema } from "../../../../../lib/targetgroup/event.ts";
import { batchOf } from "../../batches.ts";
import { tenSeconds } from "../http.ts";

describe("the EventBridge sink", () => {
  test("says that a batch is ready, with its counts and the cluster's sums", async () => {
    const bus = createMemoryBus();
    const batch = batchOf({
      cluster: { labels: { type: "cluster" }, values: { "cpu/usage_rate": 250, "memory/usage": 2_048 } },
      "node:a": { labels: { type: "node" } },
      "node:b": { labels: { type: "node" }, values: { uptime: 5 } },
    });
    await createEventBridgeSink("eventbridge", bus).export(batch, tenSeconds());
    const [entry, ...more] = bus.entries;
    assert.deepEqual(more, []);
    assert.equal(entry?.detailType, "Metrics Batch Ready");
    assert.deepEqual(metricsBatchReadySchema.parse(entry?.detail), {
      schema: 1,
      cluster: "prod-eu",
      timestamp: "2026-01-01T00:00:00.000Z",
      sets: { cluster: 1, node: 2, sys_container: 0, ns: 0, pod: 0, pod_container: 0 },
      totals: { "cpu/usage_rate": 250, "memory/usage": 2_048 },
    });
  });
});

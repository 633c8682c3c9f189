import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KafkaSettings } from "../../../../../lib/config/metrics/settings.ts";
import type { TransportOptions } from "../../../../../lib/http/client.ts";
import { gauge } from "../../../../../lib/metrics/batch.ts";
import { messagesOf } from "../../../../../lib/metrics/sinks/kafka/message.ts";
import { createKafkaSink } from "../../../../../lib/metrics/sinks/kafka/sink.ts";
import { batchOf } from "../../batches.ts";
import { tenSeconds } from "../http.ts";

const settings: KafkaSettings = {
  kind: "kafka",
  brokers: ["127.0.0.1:9"],
  topic: "heapster-metrics",
  compression: "none",
};
const sinkOf = (http: TransportOptions = {}) => createKafkaSink(settings, { name: "kafka", http });

/** The suite `sinks` has what goes over the wire, to a broker and consumer of librdkafka. */
describe("the Kafka sink", () => {
  test("has a message for each value, labeled ones with their labels too, and all digits", () => {
    const batch = batchOf({
      "node:a": {
        labels: { type: "node" },
        values: { "cpu/usage": [9_007_199_254_740_993n] },
        labeled: [{ name: "filesystem/usage", labels: { resource_id: "/" }, ...gauge(0.5) }],
      },
    });
    assert.deepEqual(
      [...messagesOf(batch)],
      [
        '{"MetricsName":"cpu/usage","MetricsValue":{"value":9007199254740993},"MetricsTimestamp":"2026-01-01T00:00:00Z","MetricsTags":{"type":"node"}}',
        '{"MetricsName":"filesystem/usage","MetricsValue":{"value":0.5},"MetricsTimestamp":"2026-01-01T00:00:00Z","MetricsTags":{"type":"node","resource_id":"/"}}',
      ],
    );
  });

  test("names the brokers when none can be reached, and reaches no loopback address from the cloud", async () => {
    const batch = batchOf({ a: { values: { uptime: 1 } } });
    await assert.rejects(sinkOf().export(batch, tenSeconds()), /^Error: Kafka 127\.0\.0\.1:9: .*failed/i);
    await assert.rejects(sinkOf({ publicOnly: true }).export(batch, tenSeconds()), /is a loopback/);
  });
});

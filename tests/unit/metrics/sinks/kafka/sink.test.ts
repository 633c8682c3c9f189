import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { KafkaSettings } from "../../../../../lib/config/metrics/settings.ts";
import type { TransportOptions } from "../../../../../lib/http/client.ts";
import { gauge } from "../../../../../lib/metrics/batch.ts";
import { messagesOf } from "../../../../../lib/metrics/sinks/kafka/message.ts";
import { createKafkaSink } from "../../../../../lib/metrics/sinks/kafka/sink.ts";
import { framed, startKafkaBroker } from "../../../../fakes/kafkabroker.ts";
import { batchOf } from "../../batches.ts";
import { tenSeconds } from "../http.ts";

const settings: KafkaSettings = {
  kind: "kafka",
  brokers: ["127.0.0.1:9"],
  topic: "heapster-metrics",
  compression: "none",
};
const startBroker = async (t: TestContext, answer: Parameters<typeof startKafkaBroker>[0]) => {
  const broker = await startKafkaBroker(answer);
  t.after(broker.close);
  return broker;
};
const said = (port: number) => ({
  ...{ host: "127.0.0.1", port, topic: settings.topic, leader: 7 },
  codes: [0, 0, 0] as const,
});
const one = batchOf({ a: { values: { uptime: 1 } } });

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

  test("gives a batch to a broker, and says so when the broker refuses it", async (t) => {
    let code = 0;
    const asked: string[] = [];
    const broker = await startBroker(t, (request, socket) => {
      asked.push(request.asked);
      socket.write(framed(request, { ...said(broker.port), codes: [0, 0, code] }));
    });
    const sink = createKafkaSink(at(broker.port), { name: "kafka", http: {} });
    await sink.export(one, tenSeconds());
    assert.equal(asked.at(-1), "produce");
    code = 29;
    await assert.rejects(sink.export(one, tenSeconds()), /^Error: Kafka 127\.0\.0\.1:\d+: /);
  });

  for (const size of [-2_147_483_648, -1, 0, 1, 3, 16 * 2 ** 20 + 1, 2_147_483_647]) {
    test(`is not ended by an answer that says it has ${size} bytes, nor waits for them`, async (t) => {
      const broker = await startBroker(t, (request, socket) => {
        const answer = framed(request, said(broker.port));
        answer.writeInt32BE(size);
        socket.write(answer);
      });
      const sink = createKafkaSink(at(broker.port), { name: "kafka", http: {} });
      await assert.rejects(sink.export(one, tenSeconds()), new RegExp(`answer has ${size} bytes`));
    });
  }

  test("takes an answer that comes byte by byte", async (t) => {
    const broker = await startBroker(t, (request, socket) => {
      for (const byte of framed(request, said(broker.port))) socket.write(Buffer.from([byte]));
    });
    await createKafkaSink(at(broker.port), { name: "kafka", http: {} }).export(one, tenSeconds());
  });

  test("sends nothing from the cloud to a name that leads to a loopback address", async (t) => {
    const asked: string[] = [];
    const broker = await startBroker(t, (request, socket) => {
      asked.push(request.asked);
      socket.write(framed(request, said(broker.port)));
    });
    const named = { ...settings, brokers: [`localhost:${broker.port}`] };
    const sink = createKafkaSink(named, { name: "kafka", http: { publicOnly: true } });
    await assert.rejects(sink.export(one, tenSeconds()), /is a loopback or link-local address/);
    assert.deepEqual(asked, []);
  });
});

const at = (port: number): KafkaSettings => ({ ...settings, brokers: [`127.0.0.1:${port}`] });

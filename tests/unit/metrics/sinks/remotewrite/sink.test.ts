import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { snappyDecompress } from "@platformatic/wasm-utils";
import type { RemoteWriteSettings } from "../../../../../lib/config/metrics/settings.ts";
import { Secret } from "../../../../../lib/config/secret.ts";
import { gauge } from "../../../../../lib/metrics/batch.ts";
import { createRemoteWriteSink } from "../../../../../lib/metrics/sinks/remotewrite/sink.ts";
import { batchOf } from "../../batches.ts";
import { startReceiver, tenSeconds } from "../http.ts";

const sinkOf = (url: string, more: Partial<RemoteWriteSettings> = {}) =>
  createRemoteWriteSink(
    { kind: "prometheus", url: `${url}/api/v1/write`, prefix: "heapster_", insecureTls: false, ...more },
    { name: "prometheus", clusterName: "prod", http: {} },
  );

type Field = readonly [number: number, value: Uint8Array | number];

/** The fields of a message as they come. */
const fieldsOf = (bytes: Uint8Array): Field[] => {
  const reader = new BinaryReader(bytes);
  const found: Field[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    found.push([field, type === 2 ? reader.bytes() : type === 1 ? reader.double() : Number(reader.int64())]);
  }
  return found;
};

const messagesIn = (bytes: Uint8Array, field: number): Uint8Array[] =>
  fieldsOf(bytes).flatMap(([number, value]) =>
    number === field && value instanceof Uint8Array ? [value] : [],
  );

const seriesIn = (body: Buffer) =>
  messagesIn(snappyDecompress(body), 1).map((series) => ({
    labels: messagesIn(series, 1).map((pair) =>
      [1, 2].map((at) => String(Buffer.concat(messagesIn(pair, at)))),
    ),
    samples: messagesIn(series, 2).map((sample) => fieldsOf(sample).map(([, value]) => value)),
  }));

describe("the remote write sink", () => {
  test("sends each value as a series with sorted, clean names, at the batch's time", async () => {
    await using receiver = await startReceiver((_, response) => void response.writeHead(204).end());
    const labels = { type: "pod", pod_id: "u-1", "app.io/tier": "x", "0a": "y", __a: "z", empty: "" };
    const batch = batchOf({
      "namespace:shop/pod:web": {
        labels,
        values: { "cpu/usage_rate": 250, "custom/q:1": "0.5" },
        labeled: [{ name: "filesystem/usage", labels: { resource_id: "/" }, ...gauge(9n) }],
      },
    });
    await sinkOf(receiver.url).export(batch, tenSeconds());
    const [request] = receiver.requests;
    assert.equal(request?.path, "/api/v1/write");
    assert.equal(request?.headers["content-encoding"], "snappy");
    assert.equal(request?.headers["content-type"], "application/x-protobuf");
    assert.equal(request?.headers["x-prometheus-remote-write-version"], "0.1.0");
    const named = (name: string, ...more: string[][]) => [
      ["_0a", "y"],
      ["__name__", name],
      ["_a", "z"],
      ["app_io_tier", "x"],
      ["cluster", "prod"],
      ...more,
      ["type", "pod"],
    ];
    const at = batch.timestamp;
    assert.deepEqual(seriesIn(request?.body ?? Buffer.of()), [
      { labels: named("heapster_cpu_usage_rate"), samples: [[250, at]] },
      { labels: named("heapster_custom_q:1"), samples: [[0.5, at]] },
      { labels: named("heapster_filesystem_usage", ["resource_id", "/"]), samples: [[9, at]] },
    ]);
  });

  test("sends five thousand series at a time, none twice, with its token", async () => {
    await using receiver = await startReceiver((_, response) => void response.writeHead(200).end());
    const sets = Array.from(
      { length: 6_000 },
      (_, at) => [`${at}`, { labels: { n: `${at}` }, values: { "custom/a.b": 1, "custom/a_b": 2 } }] as const,
    );
    const token = new Secret("made-up-at-run-time");
    await sinkOf(receiver.url, { token }).export(batchOf(Object.fromEntries(sets)), tenSeconds());
    const counts = receiver.requests.map(({ body }) => seriesIn(body).length);
    assert.deepEqual(counts, [5_000, 1_000]);
    assert.equal(receiver.requests[0]?.headers.authorization, "Bearer made-up-at-run-time");
  });

  test("says what the receiver said", async () => {
    await using receiver = await startReceiver(
      (_, response) => void response.writeHead(400).end("out of order sample\n"),
    );
    await assert.rejects(
      sinkOf(receiver.url).export(batchOf({ a: { values: { uptime: 1 } } }), tenSeconds()),
      /^Error: POST http:\/\/127\.0\.0\.1:\d+\/api\/v1\/write: status 400: out of order sample$/,
    );
  });
});

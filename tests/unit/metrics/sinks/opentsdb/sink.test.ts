import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gauge } from "../../../../../lib/metrics/batch.ts";
import { createOpenTsdbSink } from "../../../../../lib/metrics/sinks/opentsdb/sink.ts";
import { batchOf } from "../../batches.ts";
import { startReceiver, tenSeconds } from "../http.ts";

const sinkOf = (server: string) =>
  createOpenTsdbSink({ kind: "opentsdb", server, cluster: "k8s cluster" }, { name: "opentsdb", http: {} });

describe("the OpenTSDB sink", () => {
  test("puts data points with cleaned names, types as suffixes, whole seconds and all digits", async () => {
    await using receiver = await startReceiver(() => ({ failed: 0, success: 3 }));
    const batch = batchOf({
      "node:a": {
        labels: { type: "node", hostname: "ä:1", container_name: "/a b", host_id: "" },
        values: { "cpu/usage": [9_007_199_254_740_993n], "custom/x y": "0.5", "memory/usage": 7 },
        labeled: [{ name: "filesystem/usage", labels: { resource_id: "/" }, ...gauge(1n) }],
      },
    });
    await sinkOf(receiver.url).export(batch, tenSeconds());
    const tags = '{"type":"node","hostname":"ä_1","container_name":"/a_b","cluster":"k8s_cluster"}';
    const seconds = batch.timestamp / 1000;
    const [request, ...more] = receiver.requests;
    assert.deepEqual(more, []);
    assert.equal(`${request?.method} ${request?.path}`, "POST /api/put?summary");
    assert.equal(request?.headers["content-type"], "application/json");
    assert.equal(
      String(request?.body),
      `[{"metric":"cpu_usage_cumulative","timestamp":${seconds},"value":9007199254740993,"tags":${tags}},` +
        `{"metric":"custom_x_y_gauge","timestamp":${seconds},"value":0.5,"tags":${tags}},` +
        `{"metric":"memory_usage_gauge","timestamp":${seconds},"value":7,"tags":${tags}}]`,
    );
  });

  test("sends a thousand points at a time, and nothing of an empty batch", async () => {
    await using receiver = await startReceiver((_, response) => void response.writeHead(204).end());
    await sinkOf(receiver.url).export(batchOf({}), tenSeconds());
    assert.equal(receiver.requests.length, 0);
    const sets = Array.from({ length: 2001 }, (_, at) => [`${at}`, { values: { uptime: at } }] as const);
    await sinkOf(receiver.url).export(batchOf(Object.fromEntries(sets)), tenSeconds());
    const counts = receiver.requests.map(({ body }) => JSON.parse(String(body)).length);
    assert.deepEqual(counts, [1000, 1000, 1]);
  });

  test("fails in one line when points were not stored, or when there is no OpenTSDB", async () => {
    const batch = batchOf({ a: { values: { uptime: 1 } } });
    await using partly = await startReceiver((_, response) => {
      response.statusCode = 400;
      return { failed: 1, success: 0 };
    });
    await assert.rejects(sinkOf(partly.url).export(batch, tenSeconds()), /api\/put: 1 of 1 points failed$/);
    await using down = await startReceiver((_, response) => void response.writeHead(503).end("no\nregion"));
    await assert.rejects(sinkOf(down.url).export(batch, tenSeconds()), /api\/put: status 503: no region$/);
  });
});

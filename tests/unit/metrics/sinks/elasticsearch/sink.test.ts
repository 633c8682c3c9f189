import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ElasticsearchSettings } from "../../../../../lib/config/metrics/settings.ts";
import { Secret } from "../../../../../lib/config/secret.ts";
import { gauge } from "../../../../../lib/metrics/batch.ts";
import { createElasticsearchSink } from "../../../../../lib/metrics/sinks/elasticsearch/sink.ts";
import { batchOf } from "../../batches.ts";
import { type Request, startReceiver, tenSeconds } from "../http.ts";

const sinkOf = (nodes: readonly string[], more: Partial<ElasticsearchSettings> = {}) =>
  createElasticsearchSink(
    { kind: "elasticsearch", nodes, index: "heapster", version: "5", pipeline: "", ...more },
    { name: "elasticsearch", clusterName: "prod", http: {} },
  );

const batch = batchOf({
  "node:a": {
    labels: { type: "node", nodename: "a" },
    values: { uptime: [9_007_199_254_740_993n], "cpu/usage": [5], "cpu/limit": 6, "memory/usage": 7 },
    labeled: [
      { name: "filesystem/usage", labels: { resource_id: "/" }, ...gauge(1n) },
      { name: "filesystem/limit", labels: { resource_id: "/" }, ...gauge(2n) },
      { name: "filesystem/usage", labels: { resource_id: "logs" }, ...gauge(3n) },
    ],
  },
});

const linesOf = ({ body }: Request) => String(body).trim().split("\n");

/** An Elasticsearch that takes everything. */
const fine = (request: Request) =>
  request.path.startsWith("/_bulk")
    ? { errors: false, items: Array(linesOf(request).length / 2).fill({ index: { status: 201 } }) }
    : { acknowledged: true };

const asked = (requests: readonly Request[]) => requests.map(({ method, path }) => `${method} ${path}`);

describe("the Elasticsearch sink", () => {
  test("makes the day's index once, indexes in bulk, and adds an alias for each family", async () => {
    await using receiver = await startReceiver(fine);
    const sink = sinkOf([receiver.url]);
    await sink.export(batch, tenSeconds());
    await sink.export(batch, tenSeconds());
    const [index, families] = ["heapster-2026.01.01", ["general", "cpu", "memory", "filesystem"]];
    assert.deepEqual(asked(receiver.requests), [
      `PUT /${index}`,
      "POST /_bulk",
      "POST /_aliases",
      "POST /_bulk",
    ]);
    assert.deepEqual(JSON.parse(String(receiver.requests[2]?.body)), {
      actions: families.map((family) => ({ add: { index, alias: `heapster-${family}` } })),
    });
  });

  test("has a document per value in general, and one per family and label set else", async () => {
    await using receiver = await startReceiver(fine);
    await sinkOf([receiver.url], { pipeline: "a b" }).export(batch, tenSeconds());
    const bulk = receiver.requests.find(({ path }) => path === "/_bulk?pipeline=a%20b");
    assert.equal(bulk?.headers["content-type"], "application/x-ndjson");
    const tagsOf = (more = "") => `"MetricsTags":{"type":"node","nodename":"a",${more}"cluster_name":"prod"}`;
    const at = '"2026-01-01T00:00:00Z"';
    const head = (family: string) => `{"index":{"_index":"heapster-2026.01.01","_type":"${family}"}}`;
    assert.deepEqual(bulk && linesOf(bulk), [
      head("general"),
      `{"GeneralMetricsTimestamp":${at},${tagsOf()},"MetricsName":"uptime","MetricsValue":{"value":9007199254740993}}`,
      head("cpu"),
      `{"CpuMetricsTimestamp":${at},${tagsOf()},"Metrics":{"cpu/usage":{"value":5},"cpu/limit":{"value":6}}}`,
      head("memory"),
      `{"MemoryMetricsTimestamp":${at},${tagsOf()},"Metrics":{"memory/usage":{"value":7}}}`,
      head("filesystem"),
      `{"FilesystemMetricsTimestamp":${at},${tagsOf('"resource_id":"/",')},"Metrics":{"filesystem/usage":{"value":1},"filesystem/limit":{"value":2}}}`,
      head("filesystem"),
      `{"FilesystemMetricsTimestamp":${at},${tagsOf('"resource_id":"logs",')},"Metrics":{"filesystem/usage":{"value":3}}}`,
    ]);
    assert.equal(batch.sets.get("node:a")?.labels.cluster_name, undefined);
  });

  test("names no types to a version that knows none", async () => {
    await using receiver = await startReceiver(fine);
    const login = { username: "me", password: new Secret("made-up-at-run-time") };
    await sinkOf([receiver.url], { version: "8", login }).export(batch, tenSeconds());
    assert.doesNotMatch(receiver.requests.map(({ body }) => String(body)).join(), /"_type"|_default_/);
    const authorization = `Basic ${Buffer.from("me:made-up-at-run-time").toString("base64")}`;
    assert.ok(receiver.requests.every(({ headers }) => headers.authorization === authorization));
  });

  test("takes an index that is there, and makes sure of it anew after a failure", async () => {
    let isDown = false;
    await using receiver = await startReceiver((request, response) => {
      if (isDown) return void response.writeHead(503).end("no master");
      if (request.method !== "PUT") return fine(request);
      response.statusCode = 400;
      return { error: { type: "index_already_exists_exception" } };
    });
    const sink = sinkOf([receiver.url]);
    await sink.export(batch, tenSeconds());
    isDown = true;
    await assert.rejects(sink.export(batch, tenSeconds()), /POST http:\/\/\S+\/_bulk: status 503: no master/);
    isDown = false;
    await sink.export(batch, tenSeconds());
    assert.equal(asked(receiver.requests).filter((one) => one.startsWith("PUT")).length, 2);
  });

  test("fails when a document was refused, with its reason", async () => {
    const refused = { index: { error: { type: "mapper_parsing_exception" } } };
    await using receiver = await startReceiver((request) =>
      request.path === "/_bulk" ? { errors: true, items: [refused, { index: {} }] } : fine(request),
    );
    await assert.rejects(
      sinkOf([receiver.url]).export(batch, tenSeconds()),
      /_bulk: 1 of 2 documents were refused: .*mapper_parsing_exception/,
    );
  });

  test("goes to the next node when one cannot be reached", async () => {
    await using receiver = await startReceiver(fine);
    await sinkOf(["http://127.0.0.1:9", receiver.url]).export(batch, tenSeconds());
    assert.equal(receiver.requests.length, 3);
    await assert.rejects(sinkOf(["http://127.0.0.1:9"]).export(batch, tenSeconds()), /127\.0\.0\.1:9/);
  });
});

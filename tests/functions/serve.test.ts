import assert from "node:assert/strict";
import { createServer } from "node:http";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, beforeEach, describe, test } from "node:test";
import { createDynamoAccepted } from "../../lib/config/dynamodb.ts";
import { createPlanReader } from "../../lib/discovery/current.ts";
import { createLog } from "../../lib/log.ts";
import { createDynamoPool, createDynamoStatuses } from "../../lib/pool/dynamodb.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import { defineAwslambda, isStreaming, onHead, type StreamHead } from "../../local/function/awslambda.ts";
import { changed } from "../fakes/events.ts";
import { listening } from "../fakes/listening.ts";
import { meddling } from "../fakes/meddler.ts";
import { status } from "../fakes/providers.ts";
import { accept, openTable, setEnvironment } from "./environment.ts";
import { restRequest } from "./recorded.ts";

await setEnvironment();
const { table, blobs } = openTable();
defineAwslambda();

/** Operations that the table was asked for. */
const asked: string[] = [];

/** Puts a counter before the table, for the function alone, which is imported afterwards. */
const countRequests = async () => {
  const { port } = new URL(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? "");
  const before = (operation: string) => void asked.push(operation);
  const counter = createServer(meddling(() => Number(port), { before }));
  const counted = await listening(counter);
  after(() => {
    counter.closeAllConnections();
    counter.close();
  });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${counted}`;
};

await countRequests();

/** A list with that header of the request; the answer once all of it is there. */
const list = async (headers: Readonly<Record<string, string>> = {}) => {
  const { handler } = await import("../../functions/serve.ts");
  assert.ok(isStreaming(handler));
  const stream = new PassThrough();
  let head: StreamHead = {};
  onHead(stream, (told) => {
    head = told;
  });
  const event = restRequest("sd/pods");
  const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 20_000 };
  const [body] = await Promise.all([
    text(stream),
    handler({ ...event, headers: { ...event.headers, ...headers } }, stream, context),
  ]);
  return { status: head.statusCode, headers: head.headers ?? {}, body };
};

describe("the function that serves", () => {
  let add: (address: string) => Promise<void>;

  before(async () => {
    const main = "scrape_configs: [{job_name: pods, kubernetes_sd_configs: [{role: pod}]}]";
    await accept({ main, settings: 'clusters: [{name: east, api_server: "http://127.0.0.1:1"}]' });
    const accepted = createDynamoAccepted(table, { blobs, clock: Date.now });
    const [provider] = (await createPlanReader(accepted)())?.providers ?? [];
    assert.ok(provider);
    const pool = createDynamoPool(table, { blobs, clock: Date.now });
    let sequence = 0;
    add = async (address) => {
      sequence += 1;
      const group = { source: "pod/shop/web", labels: {}, targets: [{ __address__: address }] };
      const event = changed({ source: group.source, provider: provider.id, sequence });
      await pool.offer({ ...event, hash: contentHash(group) }, group);
      await pool.bump(provider.id);
    };
    await add("10.0.0.1:80");
    const [lastAttempt, lastSuccess] = [Date.now(), Date.now()];
    const looked = { provider: provider.id, cluster: "east", lastAttempt, lastSuccess, filled: true };
    await createDynamoStatuses(table, createLog({ level: "error" })).put(status(looked));
    // Cold, and then once more so that everything is warm.
    await list();
    await list();
  });

  beforeEach(() => {
    asked.length = 0;
  });

  test("asks the table twice when a reader has the list already: for the records, and for all else together", async () => {
    const { headers } = await list();
    asked.length = 0;
    const known = await list({ "If-None-Match": String(headers.ETag) });
    assert.deepEqual([known.status, known.body], [304, ""]);
    assert.deepEqual(asked.toSorted(), ["BatchGetItem", "Query"]);
  });

  test("asks once more for a list that it has warm, since that must not be older than the records", async () => {
    const warm = await list();
    assert.deepEqual([warm.status, warm.body], [200, '[{"targets":["10.0.0.1:80"],"labels":{}}]']);
    assert.deepEqual(asked.toSorted(), ["BatchGetItem", "GetItem", "Query"]);
  });

  test("serves what has moved", async () => {
    const { headers } = await list();
    await add("10.0.0.2:80");
    const changed = await list({ "If-None-Match": String(headers.ETag) });
    assert.deepEqual([changed.status, changed.body], [200, '[{"targets":["10.0.0.2:80"],"labels":{}}]']);
  });
});

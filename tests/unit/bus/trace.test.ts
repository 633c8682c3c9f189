import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { createClient, createEventBridgeBus } from "../../../lib/bus/eventbridge.ts";
import { listening } from "../../fakes/listening.ts";

const trace = "Root=1-5e272390-8c398be037738dc042009320;Parent=94ae789b969f1cc5;Sampled=1";

test("on Lambda the trace of an invocation goes with its events to the bus", async () => {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers["x-amzn-trace-id"]);
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] }));
  });
  const port = await listening(server);
  const before = { ...process.env };
  after(() => {
    process.env = before;
    server.close();
  });
  Object.assign(process.env, { AWS_LAMBDA_FUNCTION_NAME: "rollcall-dev-tick", _X_AMZN_TRACE_ID: trace });
  const client = createClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await createEventBridgeBus("rollcall", { client }).put([{ detailType: "Discovery Due", detail: {} }]);
  assert.deepEqual(seen, [trace]);
});

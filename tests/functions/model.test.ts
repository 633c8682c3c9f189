import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { createDynamoCycles } from "../../lib/metrics/cycles/dynamodb.ts";
import { createDynamoStore } from "../../lib/metrics/store/dynamodb.ts";
import { defineAwslambda, isStreaming, onHead } from "../../local/function/awslambda.ts";
import { cycleRecord } from "../fakes/cycles.ts";
import { smallBatch } from "../unit/model/cluster.ts";
import { accept, openTable, setEnvironment } from "./environment.ts";
import { restRequest } from "./recorded.ts";

await setEnvironment();
defineAwslambda();

/** As the REST door hands it on: the template's routes have no parameter `path`. */
const asked = async (path: string): Promise<[number | undefined, string]> => {
  const { handler } = await import("../../functions/model.ts");
  assert.ok(isStreaming(handler));
  const stream = new PassThrough();
  let status: number | undefined;
  onHead(stream, (head) => {
    status = head.statusCode;
  });
  const body = text(stream);
  const event = { ...restRequest(path), pathParameters: { rest: "x" } };
  await handler(event, stream, { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 });
  return [status, await body];
};

describe("the function that answers for the model", () => {
  test("tells what collect has left in the table, out of the accepted settings", async () => {
    const { table, blobs } = openTable();
    await accept({
      settings:
        'clusters: [{name: prod-eu, api_server: "https://127.0.0.1:1"}]\nmetrics: {sources: ["kubernetes:"]}',
    });
    assert.deepEqual((await asked("healthz"))[0], 500);
    const timestamp = Math.floor(Date.now() / 60_000) * 60_000;
    await createDynamoStore(table, Date.now).append({ ...smallBatch(), timestamp });
    const cycles = createDynamoCycles(table, blobs);
    await cycles.finish(cycleRecord({ end: timestamp }));

    assert.deepEqual(await asked("healthz"), [200, "ok"]);
    assert.deepEqual(await asked("api/v1/model/nodes"), [200, '[\n  "host-1"\n ]']);
    const [status, body] = await asked("api/v1/model/metrics/memory-usage");
    assert.equal(status, 200);
    assert.equal(JSON.parse(body).metrics[0].value, 1000);
    assert.equal((await asked("api/v1/historical/nodes"))[0], 404);
    assert.equal(JSON.parse((await asked("apis/metrics.k8s.io/v1alpha1/pods"))[1]).items.length, 1);
  });
});

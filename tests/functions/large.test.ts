import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import * as z from "zod";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createDynamoAccepted } from "../../lib/config/dynamodb.ts";
import { createPlanReader } from "../../lib/discovery/current.ts";
import { createDynamoPool, createDynamoStatuses } from "../../lib/pool/dynamodb.ts";
import { createTable } from "../../lib/table/dynamodb.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import { onHead } from "../../local/function/awslambda.ts";
import { status } from "../fakes/providers.ts";
import { prepare } from "./prepared.ts";
import { restRequest, scheduled } from "./recorded.ts";

// As a REST API lets it through after the first 6 MB (infra/parameters.yml).
await prepare({ DOOR_BYTES_PER_SECOND: "2000000" });
const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };

/** The deployed `serve`, with a pool whose list is larger than any buffered answer could be. */
describe("a list over 6 MB", () => {
  test("is streamed whole, and refused when it could not arrive in time: never cut", async () => {
    const pool = await fill();

    await pool.growTo(3);
    const first = await served();
    assert.ok(first.bytes > 6_000_000, `${first.bytes} bytes`);
    assert.deepEqual([first.code, first.targets], [200, pool.expected()]);
    assert.equal((await served({ within: 2 })).code, 200);
    assert.equal((await served({ within: 1 })).code, 413);

    await pool.growTo(8);
    const second = await served({ within: 30 });
    assert.ok(second.bytes > 20_000_000, `${second.bytes} bytes`);
    assert.deepEqual([second.code, second.targets], [200, pool.expected()]);

    const refused = await served({ within: 5 });
    assert.equal(refused.code, 413);
    assert.match(refused.text, /the answer has 25 MB or more and would not arrive within 5 s/);
    assert.match(refused.text, /\?shard=0&of=4.*\?relabel=true/);
    const shards = await Promise.all(
      [0, 1, 2, 3].map((at) => served({ within: 5, shard: { shard: String(at), of: "4" } })),
    );
    assert.deepEqual(
      shards.map(({ code }) => code),
      [200, 200, 200, 200],
    );
    assert.deepEqual(shards.flatMap(({ targets }) => targets).sort(), pool.expected());

    await pool.growTo(20);
    const slow = await served();
    assert.deepEqual([slow.code, slow.targets], [413, []], "later than the function itself may run");
  });
});

/** What one group is in the list: 50 entries of 60 kB each, since each of its targets has a label of its own. */
const targetsOf = (group: number) =>
  Array.from({ length: 50 }, (_, at) => ({ __address__: `127.0.${group}.${at}:9100`, at: String(at) }));

const fill = async () => {
  const { handler: tick } = await import("../../functions/tick.ts");
  await tick(scheduled, context);
  const table = createTable("rollcall");
  const blobs = createDynamoBlobs(table, Date.now);
  const plan = await createPlanReader(createDynamoAccepted(table, { blobs, clock: Date.now }))();
  const provider = plan!.providers[0]!.id;
  const about = { provider, cluster: provider, jobs: ["a"] };
  const record = status({ ...about, filled: true, lastAttempt: 1, lastSuccess: 1 });
  await createDynamoStatuses(table, { warn: () => undefined }).put(record);
  const pool = createDynamoPool(table, { blobs, clock: Date.now });
  let groups = 0;
  return {
    growTo: async (wanted: number) => {
      for (; groups < wanted; groups += 1) {
        const labels = { large: "x".repeat(61_000) };
        const group = { source: `file/${groups}`, labels, targets: targetsOf(groups) };
        const version = { epoch: 1, sequence: groups };
        const head = { schema: 1, ...about, change: "updated", version, hash: contentHash(group) } as const;
        await pool.offer({ ...head, observedAt: new Date().toISOString(), group }, group);
      }
      await pool.bump(provider);
    },
    expected: () =>
      Array.from({ length: groups }, (_, group) => targetsOf(group).map(({ __address__ }) => __address__))
        .flat()
        .sort(),
  };
};

interface Question {
  /** Seconds until the reader asks again; absent: it does not say. */
  readonly within?: number;
  readonly shard?: Readonly<Record<string, string>>;
}

const served = async ({ within, shard = {} }: Question = {}) => {
  const { handler } = await import("../../functions/serve.ts");
  const stream = new PassThrough();
  let code: number | undefined;
  onHead(stream, (head) => {
    code = head.statusCode;
  });
  const request = restRequest("sd/a");
  const interval = within === undefined ? {} : { "X-Prometheus-Refresh-Interval-Seconds": String(within) };
  const query = Object.fromEntries(Object.entries(shard).map(([name, value]) => [name, [value]]));
  const headers = { ...request.headers, ...interval };
  const event = { ...request, headers, multiValueQueryStringParameters: query };
  const streamed: unknown = handler;
  assert.ok(typeof streamed === "function");
  const [text] = await Promise.all([read(stream), streamed(event, stream, context)]);
  const list = code === 200 ? listSchema.parse(JSON.parse(text)) : [];
  const targets = list.flatMap((entry) => entry.targets).sort();
  return { code, text: text.slice(0, 2000), bytes: text.length, targets };
};

const listSchema = z.array(
  z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()) }),
);

const read = async (stream: PassThrough) => {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

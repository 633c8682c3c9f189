import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { beforeEach, describe, test } from "node:test";
import { createDynamoBlobs } from "../../../lib/blob/dynamodb.ts";
import { TransientError } from "../../../lib/errors.ts";
import { createDynamoPool } from "../../../lib/pool/dynamodb.ts";
import { groupKey, partitionsOf } from "../../../lib/pool/item.ts";
import type { Table } from "../../../lib/table/dynamodb.ts";
import { settableClock } from "../../contract/clock.ts";
import { announced, provider } from "../../contract/events.ts";
import { startTable } from "../../contract/table.ts";
import type { Meddler } from "../../fakes/meddler.ts";

let trouble: Meddler = {};
const nextTable = startTable({
  before: (operation, input) => trouble.before?.(operation, input),
  after: (operation, output, input) => trouble.after?.(operation, output, input),
});

beforeEach(() => {
  trouble = {};
});

const makePool = async () => {
  const table = await nextTable();
  const blobs = createDynamoBlobs(table);
  return { table, pool: createDynamoPool(table, { blobs, clock: Date.now }) };
};

const makeTimedPool = async () => {
  const table = await nextTable();
  const clock = settableClock();
  const blobs = createDynamoBlobs(table, clock.now);
  return { table, clock, blobs, pool: createDynamoPool(table, { blobs, clock: clock.now }) };
};

const big = (sequence: number) =>
  announced({
    source: "big",
    epoch: 1,
    sequence,
    addresses: ["x:1"],
    labels: { noise: randomBytes(500_000).toString("base64") },
  });

const blobItems = async (table: Table, { event }: ReturnType<typeof big>) => {
  const { epoch, sequence } = event.version;
  const items = [];
  const pk = `blob#pool/${event.provider}/${epoch}.${sequence}/${event.hash}`;
  for await (const page of table.query({ pk, attributes: ["sk"] })) items.push(...page);
  return items.length;
};

describe("a pool in the table", () => {
  test("reads on behind pages that are empty", async () => {
    const { pool } = await makePool();
    const sources = Array.from({ length: 60 }, (_, at) => `pod/${at}`);
    for (const [at, source] of sources.entries()) {
      const { event, group } = announced({
        source,
        epoch: 1,
        sequence: at + 1,
        addresses: at % 3 === 0 ? ["x:1"] : [],
      });
      await pool.offer(event, group);
    }
    let empty = 0;
    trouble = {
      before: (operation, input) => (operation === "Query" ? { ...input, Limit: 1 } : undefined),
      after: (_, output) => {
        if (Array.isArray(output.Items) && output.Items.length === 0 && output.LastEvaluatedKey) empty++;
        return undefined;
      },
    };
    assert.equal((await pool.all(provider)).length, 20);
    assert.ok(empty > 0);
    assert.equal((await pool.index(provider)).size, 60);
    assert.equal((await pool.moved(provider, 0)).length, 60);
  });

  test("reads an index two partitions at a time, so that lists asked for meanwhile have the table, too", async () => {
    const table = await nextTable();
    let [underWay, most, read] = [0, 0, 0];
    const query: Table["query"] = async function* (asked) {
      underWay += 1;
      most = Math.max(most, underWay);
      yield* table.query(asked);
      underWay -= 1;
      read += 1;
    };
    const pool = createDynamoPool({ ...table, query }, { blobs: createDynamoBlobs(table), clock: Date.now });
    await pool.index(provider);
    assert.deepEqual({ most, read }, { most: 2, read: partitionsOf(provider).length });
  });

  test("asks again for what a get left unprocessed", async () => {
    const { pool } = await makePool();
    for (let at = 0; at < 30; at++) {
      const { event, group } = announced({ source: `s${at}`, epoch: 1, sequence: at, addresses: ["x:1"] });
      await pool.offer(event, group);
    }
    let gets = 0;
    trouble = {
      after: (operation, output, input) =>
        operation === "BatchGetItem" && ++gets ? half(output, input) : undefined,
    };
    const moved = await pool.moved(provider, 0);
    assert.equal(new Set(moved.map(({ source }) => source)).size, 30);
    assert.ok(gets > 8);
  });

  test("gives up, asking for another try, when keys stay unprocessed", async () => {
    const { pool } = await makePool();
    const { event, group } = announced({ source: "a", epoch: 1, sequence: 1, addresses: ["x:1"] });
    await pool.offer(event, group);
    trouble = {
      after: (operation, _, input) =>
        operation === "BatchGetItem" ? { Responses: {}, UnprocessedKeys: input.RequestItems } : undefined,
    };
    await assert.rejects(pool.moved(provider, 0), (error) => error instanceof TransientError);
  });

  test("holds a group whose write was applied while the answer got lost", async () => {
    const { pool } = await makePool();
    let cuts = 0;
    trouble = { after: (operation) => (operation === "PutItem" && cuts++ === 0 ? "cut" : undefined) };
    const { event, group } = announced({ source: "a", epoch: 1, sequence: 1, addresses: ["x:1"] });
    assert.equal(await pool.offer(event, group), "stale");
    assert.equal(cuts, 1);
    assert.deepEqual((await pool.all(provider))[0]?.group, group);
  });

  test("keeps the blob of the held version only", async () => {
    const { table, pool } = await makePool();
    const [first, second] = [big(1), big(2)];
    await pool.offer(second.event, second.group);
    assert.equal(await pool.offer(first.event, first.group), "stale");
    assert.equal(await pool.offer(second.event, second.group), "stale");
    assert.equal(await blobItems(table, first), 0);
    assert.equal(await blobItems(table, second), 3);
    const small = announced({ source: "big", epoch: 1, sequence: 3, addresses: ["x:1"] });
    await pool.offer(small.event, small.group);
    assert.equal(await blobItems(table, second), 0);
  });

  test("gives the blob of a replaced state an end, and the held one none", async () => {
    const { table, blobs, clock, pool } = await makeTimedPool();
    const name = { provider, source: "big" };
    const [first, second] = [big(1), big(2)];
    for (const { event, group } of [first, second]) {
      const [of] = await pool.states([name]);
      const result = await pool.replace(event, group, { of, keptUntil: clock.now() + 5_000 });
      assert.equal(result, "applied");
    }
    const [held] = await pool.states([name]);
    assert.equal(await pool.replace(first.event, first.group, { of: undefined, keptUntil: 0 }), "moved");
    clock.pass(5_000);
    assert.deepEqual(await pool.states([name]), [held]);
    assert.deepEqual((await pool.all(provider))[0]?.group, second.group);
    const { epoch, sequence } = first.event.version;
    assert.equal(await blobs.get(`pool/${provider}/${epoch}.${sequence}/${first.event.hash}`), undefined);
    assert.equal(await blobItems(table, second), 3);
  });

  test("reads the successor of a large group that was replaced between the reads of item and blob", async () => {
    const [first, second] = [big(1), big(2)];
    let replaced: Promise<unknown> | undefined;
    const table = await nextTable();
    const blobs = createDynamoBlobs(table);
    const slow = createDynamoPool(table, {
      clock: Date.now,
      blobs: {
        ...blobs,
        get: async (key) => {
          replaced ??= createDynamoPool(table, { blobs, clock: Date.now }).offer(second.event, second.group);
          await replaced;
          return blobs.get(key);
        },
      },
    });
    await slow.offer(first.event, first.group);
    assert.deepEqual((await slow.all(provider))[0]?.group, second.group);
  });

  test("asks for another try when a large group's body stays missing", async () => {
    const { table, pool } = await makePool();
    const { event, group } = big(1);
    await pool.offer(event, group);
    await createDynamoBlobs(table).remove(`pool/${provider}/1.1/${event.hash}`);
    await assert.rejects(pool.all(provider), /the body of big is missing/);
  });

  test("refuses items of a format it does not know, by their name", async () => {
    const { table, pool } = await makePool();
    const { event, group } = announced({ source: "pod/a", epoch: 1, sequence: 1, addresses: ["x:1"] });
    await pool.offer(event, group);
    const item = await table.get(groupKey(provider, "pod/a"));
    await table.put({ ...item, v: { N: "2" } });
    const refused = /pod\/a: format 2, this version reads format 1/;
    await assert.rejects(pool.all(provider), refused);
    await assert.rejects(pool.index(provider), refused);
    await assert.rejects(pool.moved(provider, 0), refused);
  });

  test("asks for another try when the table throttles or breaks, and not when a request is wrong", async () => {
    const { pool } = await makePool();
    let asked = 0;
    const failWith = (status: number, type: string): Meddler => ({
      before: () => {
        asked++;
        return { status, type };
      },
    });
    trouble = failWith(400, "com.amazonaws.dynamodb.v20120810#ThrottlingException");
    await assert.rejects(
      pool.bump(provider),
      (error) => error instanceof TransientError && /^DynamoDB /.test(error.message),
    );
    assert.equal(asked, 3);
    trouble = failWith(500, "com.amazonaws.dynamodb.v20120810#InternalServerError");
    await assert.rejects(pool.bump(provider), (error) => error instanceof TransientError);
    trouble = failWith(400, "com.amazon.coral.validate#ValidationException");
    await assert.rejects(
      pool.bump(provider),
      (error) => error instanceof Error && !(error instanceof TransientError),
    );
  });

  test("spreads the sources of a provider over all its partitions", () => {
    const used = new Set(Array.from({ length: 500 }, (_, at) => groupKey(provider, `pod/shop/web-${at}`).pk));
    assert.deepEqual([...used].sort(), partitionsOf(provider));
  });

  test("keeps a source in the partition where the deployed tables have it", () => {
    assert.deepEqual(groupKey(provider, "pod/shop/web-1"), {
      pk: `group#${provider}#1`,
      sk: "pod/shop/web-1",
    });
  });
});

/** The same answer with every second item taken out and named as unprocessed. */
const half = (output: Record<string, unknown>, input: Record<string, unknown>) => {
  const answered = Object.entries(Object(output.Responses));
  const asked = Object(input.RequestItems);
  const responses: Record<string, unknown> = {};
  const unprocessed: Record<string, unknown> = {};
  for (const [table, items] of answered) {
    if (!Array.isArray(items) || items.length < 2) return output;
    const found = new Set(items.slice(0, items.length / 2).map(({ sk }) => sk.S));
    responses[table] = items.filter(({ sk }) => found.has(sk.S));
    const keys = asked[table].Keys.filter(({ sk }: { sk: { S: string } }) => !found.has(sk.S));
    unprocessed[table] = { ...asked[table], Keys: keys };
  }
  return { Responses: responses, UnprocessedKeys: unprocessed };
};

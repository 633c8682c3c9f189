import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { createDynamoBlobs } from "../../../lib/blob/dynamodb.ts";
import { createLog } from "../../../lib/log.ts";
import { createDynamoPool, createDynamoRebuilds, createDynamoStatuses } from "../../../lib/pool/dynamodb.ts";
import { groupKey } from "../../../lib/pool/item.ts";
import { dropUnreadable, rebuiltIndex } from "../../../lib/pool/rebuild.ts";
import type { Item } from "../../../lib/table/dynamodb.ts";
import { settableClock } from "../../contract/clock.ts";
import { announced, provider } from "../../contract/events.ts";
import { startTable } from "../../contract/table.ts";
import { status } from "../../fakes/providers.ts";

const nextTable = startTable();

describe("rebuilds in the table", () => {
  test("are remembered by provider, the later epoch counting", async () => {
    const { rebuilds } = await setUp();
    assert.equal((await rebuilds.asked()).size, 0);
    await rebuilds.ask("static/1", 5);
    await rebuilds.ask("static/2", 7);
    await rebuilds.ask("static/1", 6);
    assert.deepEqual([...(await rebuilds.asked())].sort(), [
      ["static/1", 6],
      ["static/2", 7],
    ]);
  });

  test("make what was announced before them look like other content, and nothing else", async () => {
    const { pool, rebuilds } = await setUp();
    await pool.offer(...offer("old", 1));
    await pool.offer(...offer("new", 5));
    const gone = announced({ source: "gone", epoch: 1, sequence: 2, addresses: [] });
    await pool.offer({ ...gone.event, change: "removed" }, gone.group);
    const plain = await pool.index(provider);
    await rebuilds.ask(provider, 5);
    const rebuilt = await rebuiltIndex(pool, rebuilds).index(provider);
    assert.deepEqual(rebuilt.get("old"), { ...plain.get("old"), hash: "" });
    assert.deepEqual(rebuilt.get("new"), plain.get("new"));
    assert.deepEqual(rebuilt.get("gone"), plain.get("gone"));
  });
});

describe("what cannot be read of a provider that is to be rebuilt", () => {
  const damages: Readonly<Record<string, (item: Item) => Item>> = {
    "is of another format": (item) => ({ ...item, v: { N: "2" } }),
    "has no version": ({ epoch: _epoch, ...item }) => item,
    "has a body that is none": (item) => ({ ...item, body: { B: randomBytes(40) } }),
    "has a body that went missing": ({ body: _body, ...item }) => ({
      ...item,
      blob: { S: "nowhere" },
    }),
  };
  for (const [how, damage] of Object.entries(damages)) {
    test(`goes when it ${how}, and readers get no list until the pool is full again`, async () => {
      const { table, pool, statuses, rebuilds, drop } = await setUp();
      await pool.offer(...offer("good", 1));
      await pool.offer(...offer("bad", 1));
      const key = groupKey(provider, "bad");
      await table.put(damage((await table.get(key))!));
      await assert.rejects(pool.all(provider));
      await drop();
      assert.ok(await table.get(key), "nobody asked");
      await rebuilds.ask(provider, 2);
      await drop();
      assert.deepEqual([...(await pool.index(provider)).keys()], ["good"]);
      assert.deepEqual(
        (await pool.all(provider)).map(({ source }) => source),
        ["good"],
      );
      const [record] = await statuses.list();
      assert.deepEqual([record?.filled, record?.lastSuccess, record?.lastError], [undefined, undefined, ""]);
      await pool.offer(...offer("bad", 2));
      assert.equal((await pool.all(provider)).length, 2);
    });
  }

  test("is nothing where all is well: the record stays, and large bodies and tombstones with it", async () => {
    const { pool, statuses, rebuilds, drop } = await setUp();
    const noise = randomBytes(500_000).toString("base64");
    const big = announced({ source: "big", epoch: 1, sequence: 1, addresses: ["x:1"], labels: { noise } });
    await pool.offer(big.event, big.group);
    const gone = announced({ source: "gone", epoch: 1, sequence: 2, addresses: [] });
    await pool.offer({ ...gone.event, change: "removed" }, gone.group);
    await rebuilds.ask(provider, 2);
    await drop();
    assert.equal((await pool.index(provider)).size, 2);
    assert.equal((await statuses.list())[0]?.filled, true);
  });
});

const offer = (source: string, epoch: number) => {
  const { event, group } = announced({ source, epoch, sequence: 1, addresses: ["x:1"] });
  return [event, group] as const;
};

const setUp = async () => {
  const table = await nextTable();
  const clock = settableClock();
  const log = createLog({ level: "error", write: () => undefined });
  const pool = createDynamoPool(table, { blobs: createDynamoBlobs(table, clock.now), clock: clock.now });
  const statuses = createDynamoStatuses(table, log);
  const rebuilds = createDynamoRebuilds(table, clock.now);
  await statuses.put(status({ provider, filled: true, lastSuccess: 1, lastAttempt: 1 }));
  const anew = ({ filled: _filled, lastSuccess: _last, ...left }: ReturnType<typeof status>) => left;
  const drop = () => dropUnreadable([{ id: provider }], { pool, rebuilds, statuses, anew, log });
  return { table, pool, statuses, rebuilds, drop };
};

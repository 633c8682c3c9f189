import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { createClient, createTable } from "../../lib/table/dynamodb.ts";
import { itemAt } from "../../lib/table/item.ts";
import { type AwsAnswer, startAwsService } from "../fakes/awsservice.ts";

/** As many as there are sockets. */
const atOnce = 64;
const key = (n: number) => ({ pk: "a", sk: String(n) });

/** A table whose answers wait to be given. One attempt each, so that none that failed hides behind another. */
const startTable = async (t: TestContext) => {
  const held: ((answer: AwsAnswer) => void)[] = [];
  const service = await startAwsService(() => new Promise((resolve) => held.push(resolve)));
  const client = createClient({ ...service.config, maxAttempts: 1 });
  t.after(() => client.destroy());
  const heldAre = async (count: number) => {
    while (held.length < count) {
      t.signal.throwIfAborted();
      await turn();
    }
  };
  const answerAll = (answer: AwsAnswer = { body: {} }) => {
    for (const give of held.splice(0)) give(answer);
  };
  return { table: createTable("rollcall", { client }), held, heldAre, answerAll };
};

describe("many requests at once", () => {
  test("lose none of their time while they wait for a socket", async (t) => {
    const { table, heldAre, answerAll } = await startTable(t);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const waves = 3;
    const asked = Array.from({ length: waves * atOnce }, (_, n) => table.get(key(n)));
    const all = Promise.allSettled(asked);
    for (let wave = 0; wave < waves; wave += 1) {
      await heldAre(atOnce);
      // Of the 5 s that an attempt may take, and of the 1 s that a connection may.
      t.mock.timers.tick(4_000);
      answerAll();
    }
    const failed = (await all).flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    assert.deepEqual(failed, []);
  });

  test("are bounded each: what is never answered makes room for who waits", async (t) => {
    const { table, held, heldAre, answerAll } = await startTable(t);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const silent = Promise.allSettled(Array.from({ length: atOnce }, (_, n) => table.get(key(n))));
    const next = table.get(key(atOnce));
    await heldAre(atOnce);
    t.mock.timers.tick(5_000);
    for (const { status } of await silent) assert.equal(status, "rejected");
    held.length = 0;
    await heldAre(1);
    answerAll();
    assert.equal(await next, undefined);
  });

  const refusals: Record<string, AwsAnswer> = {
    "they are refused": { status: 400, body: { __type: "ThrottlingException", message: "why" } },
    "their answers break off": { body: {}, breaksOff: true },
    "their answers are none": { status: 204, body: {} },
    "their answers are no answers of the service": { status: 202, body: { padding: "x".repeat(200_000) } },
  };
  for (const [what, refusal] of Object.entries(refusals))
    test(`make room when ${what}`, async (t) => {
      const { table, heldAre, answerAll } = await startTable(t);
      const refused = Promise.allSettled(Array.from({ length: 2 * atOnce }, (_, n) => table.get(key(n))));
      for (let wave = 0; wave < 2; wave += 1) {
        await heldAre(atOnce);
        answerAll(refusal);
      }
      for (const { status } of await refused) assert.equal(status, "rejected");
      const next = table.get(key(0));
      await heldAre(1);
      answerAll();
      assert.equal(await next, undefined);
    });

  test("wait no longer, and are never sent, when they are called off", async (t) => {
    const { table, held, heldAre, answerAll } = await startTable(t);
    const first = Array.from({ length: atOnce }, (_, n) => table.get(key(n)));
    await heldAre(atOnce);
    await assert.rejects(table.put(itemAt(key(0), {}), { within: 1 }), /^TransientError: DynamoDB PutItem: /);
    assert.equal(held.length, atOnce);
    const next = table.get(key(1));
    answerAll();
    await Promise.all(first);
    await heldAre(1);
    answerAll();
    await next;
    assert.equal(held.length, 0);
  });
});

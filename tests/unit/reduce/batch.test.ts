import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import { createMemoryDeadLetterCount, createMemoryDeadLetters } from "../../../lib/deadletter/memory.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import { applyEach } from "../../../lib/pool/apply.ts";
import { createMemoryLag, createMemoryPool } from "../../../lib/pool/memory.ts";
import type { Pool } from "../../../lib/pool/pool.ts";
import { createReducer } from "../../../lib/reduce/batch.ts";
import { contentHash } from "../../../lib/targetgroup/hash.ts";
import { at, batch, changed, envelope } from "../../fakes/events.ts";

const provider = "kubernetes/0123456789ab";

describe("a batch of messages", () => {
  test("is applied to the pool and told to readers once per provider", async () => {
    const { reduce, pool } = setUp();
    const bodies = ["a", "b"].map((source) => envelope(changed({ source })));
    assert.deepEqual(await reduce(batch(...bodies)), { batchItemFailures: [] });
    assert.deepEqual([...(await pool.index(provider)).keys()].sort(), ["a", "b"]);
    assert.equal((await pool.generations([provider])).get(provider), 1);
  });

  test("tells readers again when everything in it was applied before, since an earlier try may have died in between", async () => {
    const { reduce, pool } = setUp();
    const body = envelope(changed({ source: "a" }));
    await reduce(batch(body));
    await reduce(batch(body));
    assert.equal((await pool.generations([provider])).get(provider), 2);
  });

  test("sends what can never be applied to the dead letters with its reason, and applies the neighbours", async () => {
    const { reduce, pool, deadLetters } = setUp();
    const answer = await reduce(batch("{", envelope(changed({ source: "a" }))));
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.deepEqual(
      deadLetters.letters.map(({ body, reason }) => [body, reason]),
      [["{", "the body is no JSON"]],
    );
    assert.equal((await pool.index(provider)).size, 1);
  });

  test("counts the dead letters, and no others", async () => {
    const { reduce, counted } = setUp();
    await reduce(batch("{", envelope(changed({ source: "a" })), "[]"));
    await reduce(batch(envelope(changed({ source: "b" }))));
    assert.equal(await counted.read(), 2);
    await reduce(batch("{"));
    assert.equal(await counted.read(), 3);
  });

  test("is done with a dead letter that could not be counted", async () => {
    const { reduce, deadLetters } = setUp({
      deadLetterCount: { add: () => Promise.reject(new Error("throttled")) },
    });
    assert.deepEqual(await reduce(batch("{")), { batchItemFailures: [] });
    assert.equal(deadLetters.letters.length, 1);
  });

  test("does not count a letter that could not be sent", async () => {
    const { reduce, counted } = setUp({
      deadLetters: { send: () => Promise.reject(new Error("throttled")) },
    });
    await reduce(batch("{"));
    assert.equal(await counted.read(), 0);
  });

  test("asks again only for the message whose write failed in passing", async () => {
    const failing = (pool: Pool): Pool => ({
      ...pool,
      offer: (event, group) =>
        group.source === "a" ? Promise.reject(new Error("throttled")) : pool.offer(event, group),
    });
    const { reduce, pool } = setUp({ pool: failing });
    const answer = await reduce(batch(...["a", "b"].map((source) => envelope(changed({ source })))));
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "message-0" }] });
    assert.deepEqual([...(await pool.index(provider)).keys()], ["b"]);
  });

  test("asks again for everything of a provider whose readers could not be told", async () => {
    const { reduce } = setUp({
      pool: (pool) => ({ ...pool, bump: () => Promise.reject(new Error("throttled")) }),
    });
    const answer = await reduce(batch(envelope(changed({ source: "a" })), "{"));
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "message-0" }] });
  });

  test("keeps a refused message when the dead letters cannot be reached", async () => {
    const { reduce } = setUp({ deadLetters: { send: () => Promise.reject(new Error("down")) } });
    assert.deepEqual(await reduce(batch("{")), { batchItemFailures: [{ itemIdentifier: "message-0" }] });
  });

  test("refuses a group that is not what its hash says", async () => {
    const { reduce, deadLetters } = setUp();
    await reduce(batch(envelope({ ...changed({ source: "a" }), hash: "0".repeat(64) })));
    assert.match(deadLetters.letters[0]?.reason ?? "", /group of a is not what its hash says/);
  });

  test("refuses a removal that has targets", async () => {
    const { reduce, deadLetters } = setUp();
    await reduce(batch(envelope({ ...changed({ source: "a" }), change: "removed" })));
    assert.match(deadLetters.letters[0]?.reason ?? "", /a is removed, yet has 1 targets/);
  });

  test("fetches a group that travelled by claim check", async () => {
    const { reduce, pool, blobs } = setUp();
    await blobs.put("claim/x", Buffer.from(JSON.stringify(changed({ source: "a" }).group)));
    await reduce(batch(envelope(claimed("claim/x"))));
    assert.deepEqual(
      (await pool.all(provider)).map(({ group }) => group),
      [changed({ source: "a" }).group],
    );
  });

  test("refuses a claim whose group is broken in the table, since another try would find the same", async () => {
    const { reduce, deadLetters, blobs } = setUp();
    await blobs.put("claim/x", Buffer.from('{"source":'));
    assert.deepEqual(await reduce(batch(envelope(claimed("claim/x")))), { batchItemFailures: [] });
    assert.match(deadLetters.letters[0]?.reason ?? "", /claim claim\/x does not hold the group of a/);
  });

  test("refuses a claim that has expired", async () => {
    const { reduce, deadLetters } = setUp();
    await reduce(batch(envelope(claimed("claim/gone"))));
    assert.match(deadLetters.letters[0]?.reason ?? "", /claim claim\/gone of a has expired/);
  });

  test("records how far behind the reducer is, at most every ten seconds", async () => {
    const { reduce, lag, time } = setUp();
    time.now += 90_000;
    await reduce(batch(envelope(changed({ source: "a" }))));
    assert.equal((await lag.read())?.seconds, 90);
    time.now += 9_000;
    await reduce(batch(envelope(changed({ source: "a" }))));
    assert.equal((await lag.read())?.seconds, 90);
    time.now += 1_000;
    await reduce(batch(envelope(changed({ source: "a" }))));
    assert.equal((await lag.read())?.seconds, 100);
  });

  test("takes messages that come again, some minutes after they failed, for no sign of being behind", async () => {
    const { reduce, lag, time } = setUp();
    time.now += 190_000;
    await reduce(again(batch(envelope(changed({ source: "a" })))));
    assert.equal(await lag.read(), undefined);
    const { Records: first } = batch(envelope(changed({ source: "b" })));
    await reduce({ Records: [...again(batch(envelope(changed({ source: "a" })))).Records, ...first] });
    assert.equal((await lag.read())?.seconds, 190);
  });
});

const again = ({ Records }: ReturnType<typeof batch>) => ({
  Records: Records.map((record) => ({
    ...record,
    attributes: { ...record.attributes, ApproximateReceiveCount: "2" },
  })),
});

const claimed = (key: string) => {
  const { group, ...event } = changed({ source: "a" });
  return {
    ...event,
    hash: contentHash(group!),
    claim: { source: "a", key, bytes: 1, href: "api/v1/claims/x" },
  };
};

interface Faults {
  pool?: (pool: Pool) => Pool;
  deadLetters?: { send: () => Promise<void> };
  deadLetterCount?: { add: () => Promise<void> };
}

const setUp = (faults: Faults = {}) => {
  const time = { now: Date.parse(at) };
  const clock = () => time.now;
  const pool = createMemoryPool(clock);
  const blobs = createMemoryBlobs(clock);
  const lag = createMemoryLag(clock);
  const deadLetters = createMemoryDeadLetters();
  const counted = createMemoryDeadLetterCount();
  const written = faults.pool?.(pool) ?? pool;
  const parts = { pool: written, apply: applyEach(written), blobs, lag, clock };
  const log = createLog({ level: "error", write: () => undefined });
  const reduce = createReducer({
    ...parts,
    log,
    meter: silentMeter,
    deadLetters: faults.deadLetters ?? deadLetters,
    deadLetterCount: faults.deadLetterCount ?? counted,
  });
  return { reduce, pool, blobs, lag, deadLetters, counted, time };
};

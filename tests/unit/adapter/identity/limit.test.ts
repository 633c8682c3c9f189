import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ApiStatus } from "../../../../lib/adapter/api/status.ts";
import { createLimit } from "../../../../lib/adapter/identity/limit.ts";

const world = () => {
  const time = { now: 0 };
  const limit = createLimit({ perSecond: 2, burst: 4, clock: () => time.now });
  let begun = 0;
  const begin = async (work = async () => {}) =>
    limit(() => {
      begun += 1;
      return work();
    });
  /** How many of ten begin. */
  const ten = async () => {
    const before = begun;
    for (let turn = 0; turn < 10; turn++)
      await begin().catch((error) => assert.ok(error instanceof ApiStatus && error.code === 429));
    return begun - before;
  };
  return { time, begin, ten };
};

describe("a limit", () => {
  test("lets a burst begin, and afterwards so much a second", async () => {
    const { time, ten } = world();
    assert.equal(await ten(), 4);
    assert.equal(await ten(), 0);
    time.now = 1000;
    assert.equal(await ten(), 2);
    time.now = 3_600_000;
    assert.equal(await ten(), 4);
  });

  test("counts what is under way, however slow it is, and failures as done", async () => {
    const { time, begin, ten } = world();
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = [1, 2, 3, 4].map(() => begin(() => promise));
    time.now = 60_000;
    assert.equal(await ten(), 0);
    resolve();
    await Promise.all(slow);
    await assert.rejects(begin(() => Promise.reject(new Error("away"))));
    assert.equal(await ten(), 3);
  });

  test("is no looser when the clock goes back", async () => {
    const { time, ten } = world();
    assert.equal(await ten(), 4);
    time.now = -1000;
    assert.equal(await ten(), 0);
  });
});

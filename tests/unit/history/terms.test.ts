import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryHistory } from "../../../lib/history/memory.ts";
import { createRetention, earliest, keepTerms } from "../../../lib/history/terms.ts";

const hour = 3_600_000;
const day = 24 * hour;

describe("how long history is kept", () => {
  test("begins when it is told first, and nothing is written when nothing changed", async () => {
    const log = createMemoryHistory();
    await keepTerms(log, 7 * day, 1_000);
    await keepTerms({ ...log, putTerms: () => Promise.reject(new Error("written again")) }, 7 * day, 9_000);
    assert.deepEqual(await log.terms(), { retention: 7 * day, since: 1_000 });
    assert.equal(earliest(await log.terms(), 2_000), 1_000);
    assert.equal(earliest(await log.terms(), 8 * day), day);
  });

  test("begins anew after it was off, once every reducer knows", async () => {
    const log = createMemoryHistory();
    for (const [at, retention] of [7 * day, 0, 7 * day].entries()) await keepTerms(log, retention, at * hour);
    assert.deepEqual(await log.terms(), { retention: 7 * day, since: 2 * hour + 60_000 });
  });

  test("does not reach further back than what was kept before it grew", async () => {
    const log = createMemoryHistory();
    await keepTerms(log, 7 * day, 0);
    await keepTerms(log, 30 * day, 20 * day);
    assert.equal(earliest(await log.terms(), 20 * day), 13 * day);
    assert.equal(earliest(await log.terms(), 50 * day), 20 * day);
  });

  test("is not told at all when none is kept", async () => {
    const log = createMemoryHistory();
    await keepTerms(log, 0, 0);
    assert.equal(earliest(await log.terms(), 1), undefined);
  });

  test("is asked by the reducer every half a minute only, and is the default until it is told", async () => {
    const log = createMemoryHistory();
    let now = 0;
    const retention = createRetention(log, () => now);
    assert.equal(await retention(), 7 * day);
    await keepTerms(log, 0, now);
    assert.equal(await retention(), 0);
    await keepTerms(log, day, now);
    now = 29_999;
    assert.equal(await retention(), 0);
    now = 30_000;
    assert.equal(await retention(), day);
  });
});

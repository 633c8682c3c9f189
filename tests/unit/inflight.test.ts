import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inFlight, runsOf, shared } from "../../lib/inflight.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("work in flight", () => {
  test("keeps the list's order and never exceeds its limit", async () => {
    let underWay = 0;
    let most = 0;
    const results = await inFlight(3, [5, 1, 4, 2, 3, 0], async (turns) => {
      most = Math.max(most, ++underWay);
      for (let at = 0; at < turns; at++) await turn();
      underWay--;
      return turns * 10;
    });
    assert.deepEqual(results, [50, 10, 40, 20, 30, 0]);
    assert.equal(most, 3);
  });

  test("throws the first failure and begins nothing after it", async () => {
    const begun: number[] = [];
    const working = inFlight(2, [0, 1, 2, 3, 4, 5], async (at) => {
      begun.push(at);
      await turn();
      if (at === 1) throw new Error("one");
    });
    await assert.rejects(working, /one/);
    await turn();
    await turn();
    assert.ok(begun.length <= 3);
  });

  test("cuts a list in runs", () => {
    assert.deepEqual(runsOf(2, [1, 2, 3]), [[1, 2], [3]]);
    assert.deepEqual(runsOf(2, []), []);
  });
});

describe("shared work", () => {
  test("is done once more for all who ask while it is under way, and nobody gets what was begun before he asked", async () => {
    let begun = 0;
    const ask = shared(async () => {
      begun += 1;
      const round = begun;
      await turn();
      return round;
    });
    const first = ask();
    assert.deepEqual(await Promise.all([first, ask(), ask(), ask()]), [1, 2, 2, 2]);
    assert.equal(await ask(), 3);
  });

  test("that failed is tried again for those who waited", async () => {
    let tries = 0;
    const ask = shared(async () => {
      tries += 1;
      await turn();
      if (tries === 1) throw new Error("away");
      return tries;
    });
    const [failed, waited] = await Promise.allSettled([ask(), ask()]);
    assert.equal(failed.status, "rejected");
    assert.deepEqual(waited, { status: "fulfilled", value: 2 });
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createPolling } from "../../../lib/serve/polling.ts";

describe("readers that wait", () => {
  test("look at the same moments, so that the pool is asked once for all", async () => {
    let time = 0;
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      time += 250;
    };
    const polling = createPolling({ longest: 1000, most: 100, pause, clock: () => time });
    const one = () => polling.wait({ look: async () => "a", known: "a", wait: 1000 });
    assert.deepEqual(new Set(await Promise.all(Array.from({ length: 50 }, one))), new Set(["unchanged"]));
    assert.equal(pauses, 4);
  });

  test("are no more than may wait, and make room when they are answered or fail", async () => {
    let isChanged = false;
    const pause = () => new Promise((resolve) => setImmediate(resolve));
    const polling = createPolling({ longest: 1000, most: 1, pause, clock: () => 0 });
    const look = async () => (isChanged ? "b" : "a");
    const first = polling.wait({ look, known: "a", wait: 1000 });
    assert.equal(await polling.wait({ look, known: "a", wait: 1000 }), "full");
    isChanged = true;
    assert.equal(await first, "changed");
    await assert.rejects(
      polling.wait({ look: () => Promise.reject(new Error("throttled")), known: "a", wait: 1 }),
    );
    assert.equal(await polling.wait({ look, known: "a", wait: 1000 }), "changed");
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createReloads, type Refused, unexplainedRefusals } from "../../e2e/soak/reloads.ts";
import { befallen } from "./befallen.ts";

/** Seconds. */
const refused = (since: number, until: number): Refused => ({
  ...{ since: since * 1000, until: until * 1000, count: (until - since) / 5, because: "500 no" },
});

describe("reloads of a run", () => {
  test("that are refused or cut off one after the other are one time of refusal, until one is accepted", async () => {
    let now = 0;
    const reloads = createReloads(() => now);
    const answers: (() => Promise<{ status: number; text: string }>)[] = [
      async () => ({ status: 200, text: "" }),
      async () => ({ status: 500, text: "no" }),
      () => Promise.reject(new TypeError("fetch failed")),
      async () => ({ status: 200, text: "" }),
      async () => ({ status: 503, text: "" }),
    ];
    for (const answer of answers) {
      now += 10;
      await reloads.ask(() => {
        now += 3;
        return answer();
      });
    }
    assert.deepEqual(reloads.refused, [
      { since: 23, until: 39, count: 2, because: "TypeError: fetch failed" },
      { since: 62, until: 65, count: 1, because: "503 " },
    ]);
    assert.deepEqual(reloads.counts(), { reloads: 5, reloadsRefused: 3 });
  });

  test("that go on being refused are told, and a few are not", () => {
    assert.deepEqual(unexplainedRefusals([refused(0, 30)], []), []);
    assert.deepEqual(unexplainedRefusals([refused(0, 100)], []), [
      "20 reloads were refused, for 100 s without a fault that explains it: 500 no",
    ]);
  });

  test("are excused by what keeps a reload from working, and for as long as a request is tried", () => {
    const faults = [befallen("table", -10, 20), befallen("program", 10, 15), befallen("bus", 55, 70)];
    assert.deepEqual(unexplainedRefusals([refused(0, 100)], faults), []);
    assert.deepEqual(unexplainedRefusals([refused(0, 120)], faults), []);
    assert.equal(unexplainedRefusals([refused(0, 140)], faults).length, 1);
  });

  test("are not excused by a cluster that fails, or by what was over before", () => {
    const faults = [befallen("API server", 0, 100), befallen("lease", 0, 100), befallen("table", -90, -40)];
    assert.equal(unexplainedRefusals([refused(0, 100)], faults).length, 1);
  });

  test("that are refused for ever are told, however often something goes wrong in between", () => {
    const faults = Array.from({ length: 10 }, (_, at) => befallen("table", at * 50, at * 50 + 10));
    assert.equal(unexplainedRefusals([refused(0, 500)], faults).length, 1);
  });
});

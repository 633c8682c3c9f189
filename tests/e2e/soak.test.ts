import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { machineLine, thisMachine } from "../../bench/support/machine.ts";
import { soak } from "./soak/soak.ts";

// The same faults each time; what looks for new ones is `npm run soak`.
const seed = Number(process.env.ROLLCALL_SOAK_SEED ?? 1_059_547_685);
const seconds = Number(process.env.ROLLCALL_SOAK_SECONDS ?? 50);

/** The short form of `npm run soak`: promises 1 to 6 on the running program, whatever goes wrong and in whatever order. */
describe(`everything goes wrong for a while, and the clusters change (ROLLCALL_SOAK_SEED=${seed})`, () => {
  test("nothing is lost, nothing is revived, every dead letter has its cause", async (t) => {
    const report = await soak({
      seconds,
      seed,
      pace: 20,
      machine: machineLine(thisMachine()),
      say: (line) => t.diagnostic(line),
    });
    assert.deepEqual(report.violations, []);
    // However slow the machine is.
    assert.ok(report.faults.filter(({ tried }) => tried > 0).length >= 3, "faults were tried");
    assert.ok(report.lists >= 24, `lists were read ${report.lists} times`);
  });
});

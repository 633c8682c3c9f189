import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { simulate } from "../../bench/support/fleet.ts";
import { comparedWith } from "../../bench/support/fleetunits.ts";

/** Where the model and what was counted may differ, as a part of the larger one. */
const tolerance = 0.15;

describe("what `rollcall cost` reckons with", () => {
  test("is what the functions ask of AWS, within 15 %", async () => {
    const options = { clusters: 2, pods: 30, changes: 3, minutes: 2, follow: "schedule" } as const;
    const { rows } = comparedWith(await simulate(options), options);
    assert.ok(rows.length >= 7);
    for (const { name, measured, model } of rows) {
      const apart = Math.abs(measured - model) / Math.max(measured, model);
      assert.ok(apart <= tolerance, `${name}: ${measured} were counted, the model says ${model}`);
    }
  });
});

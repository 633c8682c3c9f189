import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { doors } from "./doors.ts";
import { fuzz } from "./fuzz.ts";

/** Few cases, and always the same ones: what looks for new ones is `npm run fuzz`. */
const seed = 8;

describe("whatever comes in", () => {
  for (const door of doors)
    test(`by ${door.name}`, async (context) => {
      for (const { behaviour, failure } of await fuzz(door, context, { runs: door.runs, seed }))
        assert.equal(failure, undefined, `${behaviour}\n${failure}`);
    });
});

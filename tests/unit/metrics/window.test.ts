import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { windowAt } from "../../../lib/metrics/window.ts";

const at = (time: string) => Date.parse(`2026-01-01T${time}Z`);
const minute = 60_000;

describe("the window of a cycle", () => {
  test("is the last one that is over for five seconds", () => {
    const of = (time: string) => windowAt(at(time), minute);
    assert.deepEqual(of("10:01:05"), { start: at("10:00:00"), end: at("10:01:00") });
    assert.deepEqual(of("10:01:04.999"), { start: at("09:59:00"), end: at("10:00:00") });
    assert.deepEqual(of("10:01:59.999"), of("10:01:05"));
  });

  test("is counted from Go's zero time, which only shows when a resolution divides no day", () => {
    assert.deepEqual(windowAt(at("10:14:00"), 5 * minute), { start: at("10:05:00"), end: at("10:10:00") });
    const seven = windowAt(at("10:14:00"), 7 * minute).end;
    assert.equal((seven - Date.parse("0001-01-01T00:00:00Z")) % (7 * minute), 0);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noTime } from "../../../lib/metrics/batch.ts";
import { nanoseconds, parseTime } from "../../../lib/metrics/time.ts";

describe("a time of Go's", () => {
  test("is kept to the nanosecond, in any zone", () => {
    const second = nanoseconds(Date.UTC(2026, 0, 2, 3, 4, 5));
    assert.equal(parseTime("2026-01-02T03:04:05.123456789Z"), second + 123_456_789n);
    assert.equal(parseTime("2026-01-02T03:04:05.5+00:00"), second + 500_000_000n);
    assert.equal(parseTime("2026-01-02T05:04:05+02:00"), second);
    assert.equal(parseTime("2026-01-02T03:04:05.1234567899Z"), second + 123_456_789n);
  });

  test("is no time at all when it is the zero time, and refused when it is no time", () => {
    assert.equal(parseTime("0001-01-01T00:00:00Z"), noTime);
    for (const text of [
      "",
      "now",
      "2026-01-02",
      "2026-01-02 03:04:05Z",
      "2026-13-02T03:04:05Z",
      "2026-01-02T03:04:05",
    ])
      assert.equal(parseTime(text), undefined, text);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createBackoff, type End } from "../../../../../lib/discovery/kubernetes/watch/backoff.ts";

const failure: End = { steady: false, quiet: false, retryAfterMilliseconds: undefined };

describe("the pauses between attempts", () => {
  test("double from half a second to half a minute, and are always shown", () => {
    const backoff = createBackoff(() => 1);
    const pauses = Array.from({ length: 9 }, () => backoff.after(failure));
    assert.deepEqual(
      pauses.map(({ milliseconds }) => milliseconds),
      [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000],
    );
    assert.ok(pauses.every(({ shown }) => shown));
  });

  test("are somewhere between half of that and all", () => {
    assert.equal(createBackoff(() => 0).after(failure).milliseconds, 250);
  });

  test("begin anew after an attempt that did well for a while", () => {
    const backoff = createBackoff(() => 1);
    backoff.after(failure);
    backoff.after(failure);
    assert.equal(backoff.after({ ...failure, steady: true }).milliseconds, 500);
  });

  test("do not follow the first two quiet ends, of which only the fourth is shown", () => {
    const backoff = createBackoff(() => 1);
    const pauses = Array.from({ length: 4 }, () => backoff.after({ ...failure, quiet: true }));
    assert.deepEqual(pauses, [
      { milliseconds: 0, shown: false, ends: 1 },
      { milliseconds: 0, shown: false, ends: 2 },
      { milliseconds: 500, shown: false, ends: 3 },
      { milliseconds: 1_000, shown: true, ends: 4 },
    ]);
  });

  test("are no shorter than the server asks, and no longer than five minutes for that", () => {
    const after = (retryAfterMilliseconds: number) =>
      createBackoff(() => 0).after({ ...failure, retryAfterMilliseconds }).milliseconds;
    assert.equal(after(9_000), 9_000);
    assert.equal(after(100), 250);
    assert.equal(after(86_400_000), 300_000);
  });
});

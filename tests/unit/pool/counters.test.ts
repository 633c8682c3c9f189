import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withCounts } from "../../../lib/pool/counters.ts";
import { durationBounds, lengthened } from "../../../lib/pool/durations.ts";

const zero = { looks: 1, failures: 0, added: 0, updated: 0, removed: 0 };

describe("a record's counters", () => {
  test("take in what was counted beside looks, and keep the rest", () => {
    const once = withCounts(zero, { repaired: 2, events: { "pod add": 3 }, watchFailures: 1 });
    const twice = withCounts(once, { events: { "pod add": 1, "pod delete": 4 } });
    assert.deepEqual(twice, {
      ...zero,
      repaired: 2,
      watchFailures: 1,
      events: { "pod add": 4, "pod delete": 4 },
    });
  });

  test("stay the same object when there is nothing to add", () => {
    assert.equal(withCounts(zero, { repaired: 0, events: {}, watchFailures: 0 }), zero);
    assert.equal(withCounts(zero, {}), zero);
  });
});

describe("durations", () => {
  test("are summed, and counted in every bucket that they fit into", () => {
    assert.deepEqual(durationBounds, [0.01, 0.1, 1, 10]);
    const durations = [0.01, 0.5, 10, 60].reduce(lengthened, undefined);
    assert.deepEqual(durations, { count: 4, seconds: 70.51, within: [1, 1, 2, 3] });
  });
});

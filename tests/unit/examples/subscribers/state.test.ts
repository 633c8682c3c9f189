import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createState, type Told } from "../../../../docs/examples/subscribers/state/state.ts";

const told = (source: string, sequence: number, targets = 1, epoch = 1): Told => ({
  provider: "p",
  version: { epoch, sequence },
  group: {
    source,
    labels: {},
    targets: Array.from({ length: targets }, () => ({ __address__: `${epoch}.${sequence}` })),
  },
});

/** Versions are unique, as a lease numbers them. */
const announcements = fc
  .uniqueArray(fc.record({ epoch: fc.nat(3), sequence: fc.nat(20) }), {
    selector: ({ epoch, sequence }) => epoch * 100 + sequence,
    minLength: 1,
  })
  .chain((versions) =>
    fc.tuple(
      ...versions.map(({ epoch, sequence }) =>
        fc
          .record({ source: fc.constantFrom("a", "b", "c"), targets: fc.nat(1) })
          .map(({ source, targets }) => told(source, sequence, targets, epoch)),
      ),
    ),
  );

describe("a subscriber's state", () => {
  test("is the same whatever the order and repetition of what it is told", () => {
    fc.assert(
      fc.property(
        announcements.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
        ),
        ([all, shuffled]) => {
          const [one, other] = [createState(() => 0), createState(() => 0)];
          for (const each of all) one.offer(each);
          for (const each of shuffled) other.offer(each);
          assert.deepEqual(other.groups(), one.groups());
        },
      ),
    );
  });

  test("begins with a listing, which what is older does not undo", () => {
    const state = createState(() => 1000);
    assert.equal(state.offer(told("a", 5)), "taken");
    state.repair([told("a", 3), told("b", 4)], 1000);
    assert.equal(state.offer(told("b", 2)), "old");
    assert.deepEqual(state.groups(), [told("a", 5), told("b", 4)]);
  });

  test("does not bring back what is gone", () => {
    const state = createState(() => 0);
    state.offer(told("a", 2, 0));
    assert.equal(state.offer(told("a", 1)), "old");
    assert.deepEqual(state.groups(), []);
  });

  test("drops at a repair what was missed, but not what the listing may not have had yet", () => {
    let now = 0;
    const state = createState(() => now);
    state.offer(told("missed", 1));
    now = 300_001;
    state.offer(told("fresh", 2));
    state.repair([], now);
    assert.deepEqual(state.groups(), [told("fresh", 2)]);
    assert.equal(state.offer(told("missed", 1)), "old");
  });

  test("forgets the gone after 48 hours", () => {
    let now = 0;
    const state = createState(() => now);
    state.offer(told("a", 2, 0));
    now = 48 * 3_600_000 + 1;
    state.repair([], now);
    assert.equal(state.offer(told("a", 1)), "taken");
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type HoldRequest, holdLease, isHeld } from "../../../lib/lease/hold.ts";
import type { Leases } from "../../../lib/lease/lease.ts";
import { createMemoryLeases } from "../../../lib/lease/memory.ts";
import { createTurnedClock } from "../local/turnedclock.ts";

describe("holding a lease", () => {
  test("renews it every third of its life, until it is given back", async () => {
    const { hold, clock, leases } = setUp();
    const holding = await hold();
    assert.ok(!isHeld(holding));
    const first = holding.expiresAt();
    await clock.turn(1000);
    assert.equal(holding.expiresAt(), first + 1000);
    await holding.end();
    const next = await leases.take({ cluster: "c", holder: "other", milliseconds: 3000 });
    assert.ok("epoch" in next && next.epoch > holding.epoch);
  });

  test("tells who holds it otherwise", async () => {
    const { hold } = setUp();
    const first = await hold();
    const second = await hold();
    assert.ok(isHeld(second) && second.heldBy === "me");
    assert.ok(!isHeld(first));
    await first.end();
  });

  test("lets it run out when renewals fail, and tells of them", async () => {
    const missed: unknown[] = [];
    const { hold, clock } = setUp((leases) => ({
      ...leases,
      renew: () => Promise.reject(new Error("throttled")),
    }));
    const holding = await hold({ missed: (error) => missed.push(error) });
    assert.ok(!isHeld(holding));
    await clock.turn(3000);
    assert.ok(holding.expiresAt() <= clock.now());
    assert.equal(missed.length, 3);
    await holding.end();
  });

  test("does not renew what somebody else has taken since", async () => {
    const { hold, clock, leases } = setUp((inner) => ({ ...inner, renew: async () => undefined }));
    let lost = 0;
    const holding = await hold({ lost: () => (lost += 1) });
    assert.ok(!isHeld(holding));
    await clock.turn(1000);
    assert.deepEqual([lost, holding.expiresAt() <= clock.now()], [1, true]);
    await clock.turn(2000);
    assert.equal(lost, 1);
    const other = await leases.take({ cluster: "c", holder: "other", milliseconds: 3000 });
    assert.ok("epoch" in other);
    await holding.end();
    assert.ok(holding.expiresAt() <= clock.now());
    assert.ok("heldBy" in (await leases.take({ cluster: "c", holder: "third", milliseconds: 3000 })));
  });
});

const setUp = (faulty: (leases: Leases) => Leases = (leases) => leases) => {
  const clock = createTurnedClock();
  const leases = createMemoryLeases(clock.now);
  const fail = () => assert.fail("a renewal was missed");
  return {
    clock,
    leases,
    hold: ({ missed = fail, lost = () => {} }: Partial<Pick<HoldRequest, "missed" | "lost">> = {}) =>
      holdLease(faulty(leases), { cluster: "c", holder: "me", milliseconds: 3000, missed, lost, clock }),
  };
};

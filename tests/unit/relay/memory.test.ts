import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settle } from "../local/turnedclock.ts";
import { change, minute } from "./slices.ts";
import { one, relaying } from "./world.ts";

describe("a relay's memory", () => {
  test("is let go when somebody else has held the lease since: the pool knows better by now", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(2 * minute);
    world.running.until = world.clock.now();
    await world.clock.turn(500);
    const other = await world.leases.take({ cluster: "c", holder: "look", milliseconds: 1_000 });
    assert.ok("epoch" in other);
    await world.leases.giveBack(other);
    world.relay.run();
    await settle();
    assert.deepEqual(world.follow.ended, [true, false]);
    assert.equal(world.said("relay began").at(-1)?.warm, false);
  });

  test("is not shared with a slice of the same process that has not heard yet that its lease was taken away", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(2 * minute);
    await world.leases.revoke("c");
    const next = world.relay.run(15, "r2");
    await settle();
    assert.equal(world.said("relay began").at(-1)?.warm, false);
    await world.clock.turn(6_000);
    assert.deepEqual([world.running.end, next.end], ["lease lost", undefined]);
    assert.deepEqual(world.follow.ended, [true, false], "what the first one knew is let go");
    change(world, "a", "1:2");
    await world.clock.turn(1_000);
    assert.deepEqual((await world.pool.all(one.id))[0]?.group?.targets, [{ __address__: "1:2" }]);
    next.until = world.clock.now();
    await world.clock.turn(1_000);
    world.relay.run(15, "r3");
    await settle();
    assert.equal(world.said("relay began").at(-1)?.warm, true);
  });

  test("is kept from one slice to the next", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    let { running } = world;
    for (const _ of [1, 2]) {
      running.until = world.clock.now();
      await world.clock.turn(500);
      running = world.relay.run();
      await settle();
    }
    assert.deepEqual(world.follow.ended, [true, true]);
    assert.deepEqual(
      world.said("relay began").map(({ warm }) => warm),
      [false, true, true],
    );
  });
});

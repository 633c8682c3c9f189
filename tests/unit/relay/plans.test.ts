import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Plan } from "../../../lib/discovery/current.ts";
import { provider } from "../../fakes/providers.ts";
import { settle } from "../local/turnedclock.ts";
import { change, minute, orders } from "./slices.ts";
import { createWorld, one, planOf, relaying, two } from "./world.ts";

describe("another plan", () => {
  test("is noticed within seconds: what is new in it is followed under the same lease", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    const before = (await world.leases.holder("c"))?.until;
    world.follow.put(two, "x", "1:1");
    world.plan = planOf([one, two], "h2");
    await world.clock.turn(2_500);
    assert.deepEqual(await world.sources(two), ["x"]);
    assert.deepEqual([world.running.end, world.follow.begun, world.follow.ended], [undefined, 2, [true]]);
    assert.ok(before);
  });

  test("does not lose a change that came in between", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    world.mode = "waiting";
    change(world, "a", "1:2");
    await world.clock.turn(50);
    change(world, "a", "1:3");
    world.plan = planOf([one, two], "h2");
    await world.clock.turn(3_000);
    world.mode = "applying";
    world.free();
    await world.clock.turn(1_000);
    assert.deepEqual((await world.pool.all(one.id))[0]?.group?.targets, [{ __address__: "1:3" }]);
  });

  test("ends a look that gets no answer", async () => {
    const world = createWorld();
    world.follow.stuck = true;
    world.start().run();
    await world.clock.turn(1_000);
    world.follow.stuck = false;
    world.follow.put(two, "x", "1:1");
    world.plan = planOf([two], "h2");
    await world.clock.turn(3_000);
    assert.deepEqual(await world.sources(two), ["x"]);
  });

  test("that cannot be read changes nothing", async () => {
    const world = createWorld();
    let broken = false;
    const plan = async () => {
      if (broken) throw new Error("throttled");
      return world.plan;
    };
    const running = world.start({ plan }).run();
    await settle();
    broken = true;
    await world.clock.turn(5_000);
    change(world, "a", "1:1");
    await world.clock.turn(100);
    assert.deepEqual([world.news(), running.end], [["updated a"], undefined]);
    assert.equal(world.said("the plan could not be read again").length, 2);
  });

  for (const [name, plan] of unfollowing()) {
    test(`that ${name} ends the relay and lets go what is in memory`, async () => {
      const world = await relaying({ sources: { a: "1:1" } });
      await world.clock.turn(2 * minute);
      world.plan = plan;
      await world.clock.turn(3_000);
      assert.equal(world.running.end, "not followed");
      assert.deepEqual(world.follow.ended.at(-1), false);
      assert.deepEqual(orders(world), []);
      assert.equal(await world.leases.holder("c"), undefined);
      assert.deepEqual(await world.sources(), name.includes("schedule") ? ["a"] : []);
    });
  }
});

function unfollowing(): [string, Plan][] {
  const elsewhere = provider({ id: "http/000000000009", cluster: "other" });
  return [
    ["leaves the cluster to the schedule", planOf([{ ...one, follow: "schedule" }], "h2")],
    ["no longer has the cluster", planOf([elsewhere], "h3")],
  ];
}

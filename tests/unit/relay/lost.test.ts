import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settle } from "../local/turnedclock.ts";
import { change, minute, orders } from "./slices.ts";
import { createWorld, one, relaying } from "./world.ts";

describe("a relay that loses its lease", () => {
  test("to another holder announces nothing more and ends at once when its renewal is refused", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(2 * minute);
    world.news();
    world.leases.renew = async () => undefined;
    await world.clock.turn(5_000);
    assert.equal(world.running.end, "lease lost");
    change(world, "a", "1:2");
    await world.clock.turn(1_000);
    assert.deepEqual([world.news(), orders(world)], [[], []]);
  });

  test("by its own clock announces nothing more", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    world.leases.renew = () => Promise.reject(new Error("throttled"));
    await world.clock.turn(20_000);
    assert.equal(world.running.end, "lease lost");
    change(world, "a", "1:2");
    await world.clock.turn(1_000);
    assert.deepEqual(world.news(), []);
  });

  test("in the middle of an announcement leaves the rest to the next one", async () => {
    const world = createWorld();
    for (let at = 0; at < 1_200; at++) world.follow.put(one, `s${at}`, "1:1");
    world.mode = "waiting";
    const relay = world.start();
    const running = relay.run();
    await settle();
    world.leases.renew = async () => undefined;
    await world.clock.turn(5_000);
    world.mode = "applying";
    world.free();
    await world.clock.turn(1_000);
    assert.equal(running.end, "lease lost");
    assert.equal((await world.sources()).length, 500);
    await world.clock.turn(20_000);
    relay.run();
    await settle();
    assert.equal((await world.sources()).length, 1_200);
  });
});

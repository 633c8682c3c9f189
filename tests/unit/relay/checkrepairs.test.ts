import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settle } from "../local/turnedclock.ts";
import { createWorld, one, relaying } from "./world.ts";

const minute = 60_000;
const names = Array.from({ length: 30 }, (_, at) => `s${at}`);

describe("the full check of a relay, of what was lost,", () => {
  test("announces again what was lost on the way, within five minutes, and says so", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(7 * minute);
    world.mode = "losing";
    world.follow.put(one, "b", "1:1");
    world.follow.told(one, "b");
    await world.clock.turn(100);
    world.mode = "applying";
    assert.deepEqual(await world.sources(), ["a"]);
    await world.clock.turn(5 * minute);
    assert.deepEqual(await world.sources(), ["a", "b"]);
    const [line, ...more] = world.said("check repaired: the pool lacks what was announced");
    assert.deepEqual([line?.repaired, more.length], [1, 0]);
  });

  test("repairs a lost removal, too", async () => {
    const world = await relaying({ sources: { a: "1:1", b: "1:1" } });
    await world.clock.turn(7 * minute);
    world.mode = "losing";
    world.follow.drop(one, "b");
    world.follow.told(one, "b");
    await world.clock.turn(100);
    world.mode = "applying";
    await world.clock.turn(5 * minute);
    assert.deepEqual(await world.sources(), ["a"]);
  });

  test("removes what was lost and is gone by now, so that it does not come to life when it arrives after all", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(minute);
    world.mode = "holding";
    world.follow.put(one, "b", "1:1");
    world.follow.told(one, "b");
    await world.clock.turn(100);
    world.mode = "applying";
    world.follow.drop(one, "b");
    await world.clock.turn(5 * minute);
    await world.deliver();
    assert.deepEqual(await world.sources(), ["a"]);
  });

  test("repairs what somebody else did to the pool", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    const [entry] = await world.pool.all(one.id);
    const version = { epoch: entry!.version.epoch, sequence: 1_000_000 };
    await world.pool.offer(
      {
        schema: 1,
        provider: one.id,
        cluster: "c",
        jobs: [],
        change: "removed",
        version: { ...version, epoch: version.epoch - 0 },
        hash: "f".repeat(64),
        observedAt: "2026-01-01T00:00:00.000Z",
      },
      { source: "a", labels: {}, targets: [] },
    );
    assert.deepEqual(await world.sources(), []);
    world.running.until = world.clock.now();
    await world.clock.turn(1_000);
    world.start().run();
    await settle();
    assert.deepEqual(await world.sources(), ["a"]);
  });

  test("does not announce again what a reducer that lags has yet to apply", async () => {
    const world = createWorld();
    for (const source of names) world.follow.put(one, source, "1:1");
    world.mode = "holding";
    const relay = world.start();
    const first = relay.run();
    await settle();
    assert.equal(world.news().length, 30);
    // Checks come soon after the first, since the pool is not filled; then a slice ends, and the next begins.
    await world.clock.turn(20_000);
    first.until = world.clock.now();
    await world.clock.turn(1_000);
    relay.run();
    await world.clock.turn(5_000);
    assert.deepEqual(world.news(), []);
    await world.deliver();
    await world.clock.turn(10 * minute);
    assert.deepEqual(world.news(), []);
  });

  test("counts as lost only what the reducer, as far as it lags, should have applied", async () => {
    const world = createWorld();
    world.follow.put(one, "a", "1:1");
    world.mode = "holding";
    await world.lag.record(50);
    world.start().run();
    await settle();
    world.news();
    await world.clock.turn(40_000);
    await world.lag.record(50);
    await world.clock.turn(10_000);
    assert.deepEqual(world.news(), []);
    world.mode = "applying";
    await world.clock.turn(2 * minute);
    assert.deepEqual(world.news(), ["updated a"]);
  });

  test("finishes what of the look the bus refused, soon after it takes events again", async () => {
    const world = await relaying();
    world.mode = "refusing";
    world.follow.put(one, "a", "1:1");
    world.follow.lookAgain(one);
    await world.clock.turn(5_000);
    world.mode = "applying";
    await world.clock.turn(11_000);
    assert.deepEqual(await world.sources(), ["a"]);
  });
});

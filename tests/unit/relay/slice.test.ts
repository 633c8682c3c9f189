import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settle } from "../local/turnedclock.ts";
import { change, minute, orders } from "./slices.ts";
import { createWorld, one, planOf, relaying, two } from "./world.ts";

describe("a relay's slice", () => {
  test("ends before the invocation's time does, gives the lease back, and then calls its successor", async () => {
    const world = await relaying({ sources: { a: "1:1" }, minutes: 15 });
    await world.clock.turn(15 * minute - 21_000);
    assert.equal(world.running.end, undefined);
    await world.clock.turn(1_500);
    assert.equal(world.running.end, "time");
    assert.equal(await world.leases.holder("c"), undefined);
    assert.deepEqual(orders(world), [{ schema: 1, cluster: "c" }]);
    assert.equal(world.puts.at(-1)?.entries[0]?.detailType, "Relay Due");
    assert.deepEqual(world.follow.ended, [true]);
  });

  test("shows once a minute that it lives, whatever plan it follows", async () => {
    const measured: string[] = [];
    const meter = {
      add: (name: string, value: number) => void measured.push(`${name} ${value}`),
      flush: () => void measured.push("flush"),
    };
    const world = createWorld();
    world.start({ meter }).run(15);
    await world.clock.turn(90_000);
    world.plan = planOf([one, two], "h2");
    await world.clock.turn(5 * minute);
    const beats = measured.flatMap((one, at) => (one === "RelayHeartbeat 1" ? [measured[at + 1]] : []));
    assert.deepEqual(beats, Array(7).fill("flush"));
  });

  test("names who ordered it, and stands for itself in the log", async () => {
    const world = await relaying();
    assert.equal(world.said("relay began")[0]?.orderedBy, "tick-1");
    assert.equal(world.said("relay began")[0]?.correlation_id, undefined);
  });

  test("of less than a minute leaves its successor to tick", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(50_000);
    world.running.until = world.clock.now();
    await world.clock.turn(500);
    assert.equal(world.running.end, "time");
    assert.deepEqual(orders(world), []);
  });

  test("announces before it ends what waits, and writes the records", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(2 * minute);
    change(world, "a", "1:2");
    await world.clock.turn(10);
    change(world, "a", "1:3");
    world.running.until = world.clock.now();
    await world.clock.turn(80);
    await world.running.answer;
    assert.deepEqual((await world.pool.all(one.id))[0]?.group?.targets, [{ __address__: "1:3" }]);
    assert.equal((await world.record())?.counters.updated, 2);
  });

  test("is not begun when too little time is left", async () => {
    const world = createWorld();
    const running = world.start().run(0.4);
    await settle();
    assert.deepEqual([running.end, world.follow.begun], ["no time", 0]);
  });

  test("is left to whoever holds the lease, after waiting for it once", async () => {
    const world = await relaying();
    const second = world.start().run(15, "r2");
    await world.clock.turn(16_000);
    assert.equal(second.end, "held");
    assert.equal(world.running.end, undefined);
  });

  test("waits no longer for the lease once the invocation's time is taken away", async () => {
    const world = await relaying();
    const second = world.start().run(15, "r2");
    await world.clock.turn(1_000);
    second.until = world.clock.now();
    await world.clock.turn(250);
    assert.equal(second.end, "held");
  });

  test("begins once the lease of a dead predecessor has run out", async () => {
    const world = createWorld();
    await world.leases.take({ cluster: "c", holder: "relay/dead", milliseconds: 15_000 });
    world.follow.put(one, "a", "1:1");
    world.start().run();
    await world.clock.turn(15_000);
    assert.deepEqual(world.news(), []);
    await world.clock.turn(1_000);
    assert.deepEqual(world.news(), ["updated a"]);
  });

  test("holds the lease under a name that tells it is a relay", async () => {
    const world = await relaying();
    assert.equal((await world.leases.holder("c"))?.heldBy, "relay/r1");
  });

  test("refuses what is no Relay Due", async () => {
    const world = createWorld();
    const relay = world.start();
    const running = relay.run();
    await settle();
    assert.equal(running.end, undefined);
    const { createRelay } = await import("../../../lib/relay/relay.ts");
    const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 900_000 };
    await assert.rejects(createRelay(world.parts)({ "detail-type": "Discovery Due", detail: {} }, context));
  });

  test("in the same process goes on from memory: changes do not wait for the pool", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(2 * minute);
    world.running.until = world.clock.now();
    await world.clock.turn(500);
    world.news();
    let index = 0;
    world.parts.pool.index = () => {
      index += 1;
      return new Promise(() => {});
    };
    world.relay.run();
    await settle();
    change(world, "a", "1:2");
    await world.clock.turn(100);
    assert.deepEqual([world.news(), index], [["updated a"], 1]);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Plan } from "../../../lib/discovery/current.ts";
import { provider } from "../../fakes/providers.ts";
import { settle } from "../local/turnedclock.ts";
import { createWorld, one, planOf, relaying, two, type World } from "./world.ts";

const minute = 60_000;

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

const orders = (world: World) =>
  world.puts
    .flatMap(({ entries }) => entries)
    .filter(({ detailType }) => detailType === "Relay Due")
    .map(({ detail }) => detail);

const change = (world: World, source: string, address: string) => {
  world.follow.put(one, source, address);
  world.follow.told(one, source);
};

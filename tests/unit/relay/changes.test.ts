import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { targetGroupChangedSchema } from "../../../lib/targetgroup/event.ts";
import { settle } from "../local/turnedclock.ts";
import { one, relaying, two, type World } from "./world.ts";

describe("a change that a relay hears of", () => {
  test("goes out within a few milliseconds when all was quiet", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(1_000);
    world.news();
    change(world, "a", "1:2");
    await world.clock.turn(5);
    assert.deepEqual(world.news(), ["updated a"]);
  });

  test("is added, updated and removed as what is there says", async () => {
    const world = await relaying();
    change(world, "a", "1:1");
    await world.clock.turn(200);
    change(world, "a", "1:2");
    await world.clock.turn(200);
    world.follow.drop(one, "a");
    world.follow.told(one, "a");
    await world.clock.turn(200);
    assert.deepEqual(world.news(), ["updated a", "updated a", "removed a"]);
    assert.deepEqual(await world.sources(), []);
  });

  test("is nothing when the group is what it was, or is gone and was never there", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    world.follow.told(one, "a");
    world.follow.told(one, "never");
    await world.clock.turn(200);
    assert.deepEqual(world.news(), []);
  });

  test("is one event with all others to its source within a tenth of a second, and that one has the last state", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(1_000);
    for (const port of [2, 3, 4, 5, 6, 7, 8, 9]) {
      change(world, "a", `1:${port}`);
      await world.clock.turn(10);
    }
    assert.deepEqual(world.news(), ["updated a"]);
    await world.clock.turn(25);
    assert.deepEqual(world.news(), ["updated a"]);
    await world.clock.turn(500);
    assert.deepEqual(world.news(), []);
    assert.deepEqual((await world.pool.all(one.id))[0]?.group?.targets, [{ __address__: "1:9" }]);
  });

  test("shares a request with what comes a moment later", async () => {
    const world = await relaying();
    await world.clock.turn(1_000);
    world.puts.splice(0);
    for (const source of ["a", "b", "c"]) change(world, source, "1:1");
    await world.clock.turn(1);
    change(world, "d", "1:1");
    await world.clock.turn(100);
    assert.equal(world.puts.length, 2);
    assert.deepEqual(world.news(), ["updated a", "updated b", "updated c", "updated d"]);
  });

  test("waits while the bus is busy, and then goes out with all that came meanwhile, in one request", async () => {
    const world = await relaying();
    await world.clock.turn(1_000);
    world.mode = "waiting";
    change(world, "a", "1:1");
    await world.clock.turn(5);
    world.puts.splice(0);
    for (let number = 0; number < 40; number++) {
      change(world, `s${number}`, "1:1");
      await world.clock.turn(20);
    }
    assert.equal(world.puts.length, 0);
    world.mode = "applying";
    world.free();
    await settle();
    assert.equal(world.puts.length, 1);
    assert.equal(world.news().length, 40);
  });

  test("is announced under versions that only grow, whoever announces", async () => {
    const world = await relaying({ providers: [one, two], sources: { a: "1:1", b: "1:1" } });
    for (let port = 2; port < 20; port++) {
      change(world, "a", `1:${port}`);
      world.follow.put(two, "x", `1:${port}`);
      world.follow.told(two, "x");
      if (port % 5 === 0) world.follow.lookAgain(one);
      await world.clock.turn(150);
    }
    const versions = world.puts
      .flatMap(({ entries }) => entries)
      .filter(({ detailType }) => detailType === "Target Group Changed")
      .map(({ detail }) => targetGroupChangedSchema.parse(detail).version.sequence);
    assert.ok(versions.length > 30);
    assert.equal(new Set(versions).size, versions.length);
    const [held] = await world.pool.all(one.id);
    assert.deepEqual(held?.group?.targets, [{ __address__: "1:19" }]);
  });

  test("that cannot be built keeps its group, shows in the record, and does not keep the others", async () => {
    const world = await relaying({ sources: { a: "1:1", b: "1:1" } });
    await world.clock.turn(1_000);
    world.news();
    world.follow.put(one, "a", new Error("spec.ports: expected a list"));
    world.follow.told(one, "a");
    change(world, "b", "1:2");
    await world.clock.turn(1_500);
    assert.deepEqual(world.news(), ["updated b"]);
    assert.equal((await world.record())?.lastError, "a: spec.ports: expected a list");
    change(world, "a", "1:3");
    await world.clock.turn(1_500);
    assert.equal((await world.record())?.lastError, "");
  });
});

describe("a bus that refuses", () => {
  test("is tried again with pauses that grow; nothing is dropped, and the last state goes out", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(1_000);
    world.news();
    const tried: number[] = [];
    const { put } = world.parts.bus;
    world.parts.bus.put = async (entries) => {
      tried.push(world.clock.now());
      return put(entries);
    };
    world.mode = "refusing";
    change(world, "a", "1:2");
    change(world, "b", "1:1");
    await world.clock.turn(60_000);
    change(world, "a", "1:3");
    assert.match((await world.record())?.lastError ?? "", /not everything was announced: the bus is away/);
    world.mode = "applying";
    await world.clock.turn(11_000);
    assert.deepEqual(world.news().sort(), ["updated a", "updated b"]);
    assert.deepEqual(await world.sources(), ["a", "b"]);
    assert.ok(tried.length < 40, `${tried.length} tries`);
    await world.clock.turn(2_000);
    assert.equal((await world.record())?.lastError, "");
  });

  test("loses no change that nothing else would bring up again", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(minutesAfterLastCheck);
    world.news();
    world.mode = "refusing";
    change(world, "a", "1:2");
    await world.clock.turn(1_000);
    world.mode = "applying";
    await world.clock.turn(2_000);
    assert.deepEqual(world.news(), ["updated a"]);
  });

  test("may have taken what it refused: the state before is announced again, should it be back", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(1_000);
    world.news();
    const { put } = world.parts.bus;
    world.parts.bus.put = async (entries) => {
      await put(entries);
      throw new Error("the answer got lost");
    };
    change(world, "a", "1:2");
    await world.clock.turn(10);
    world.parts.bus.put = put;
    change(world, "a", "1:1");
    await world.clock.turn(1_000);
    assert.deepEqual((await world.pool.all(one.id))[0]?.group?.targets, [{ __address__: "1:1" }]);
  });
});

/** The checks that come soon after a first look are over by then, and the next is minutes away. */
const minutesAfterLastCheck = 20_000;

const change = (world: World, source: string, address: string) => {
  world.follow.put(one, source, address);
  world.follow.told(one, source);
};

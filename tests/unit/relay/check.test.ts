import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settle } from "../local/turnedclock.ts";
import { createWorld, one, planOf, relaying, two } from "./world.ts";

const minute = 60_000;
const thirty = Object.fromEntries(
  Array.from({ length: 30 }, (_, at) => [`s${String(at).padStart(2, "0")}`, "1:1"]),
);
const names = Object.keys(thirty);

describe("the full check of a relay", () => {
  test("comes first: what is new is announced, what is equal is not, what vanished is removed", async () => {
    const world = await relaying({ sources: { a: "1:1", b: "1:1" } });
    world.running.until = world.clock.now();
    await world.clock.turn(1_000);
    world.follow.put(one, "c", "1:1");
    world.follow.drop(one, "a");
    world.news();
    world.start().run();
    await settle();
    assert.deepEqual(world.news(), ["updated c", "removed a"]);
    assert.deepEqual(await world.sources(), ["b", "c"]);
  });

  test("is prepared where it can be, provider by provider, while changes go on", async () => {
    const world = await relaying({ sources: { a: "1:1" }, providers: [one, two], minutes: 30 });
    await world.clock.turn(7 * minute);
    const ready = new Map<string, () => void>();
    for (const { id } of [one, two])
      world.follow.preparing.set(id, new Promise((resolve) => ready.set(id, resolve)));
    for (const provider of [one, two]) world.follow.put(provider, `late ${provider.id}`, "1:1");
    const told = async (source: string) => {
      world.follow.put(one, source, "1:1");
      world.follow.told(one, source);
      await world.clock.turn(1_000);
      return world.news();
    };
    world.news();
    await world.clock.turn(4 * minute);
    assert.deepEqual(await told("b"), ["updated b"]);
    ready.get(one.id)?.();
    await settle();
    assert.deepEqual(world.news(), [`updated late ${one.id}`]);
    assert.deepEqual(await told("c"), ["updated c"]);
    ready.get(two.id)?.();
    await settle();
    assert.deepEqual(world.news(), [`updated late ${two.id}`]);
    const { looks } = world.follow;
    await world.clock.turn(4 * minute);
    assert.equal(world.follow.looks, looks + 2, "and the next comes when its time has come");
  });

  test("is left out while the reducer is more than a minute behind; changes go on", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(minute);
    const { looks } = world.follow;
    for (let at = 0; at < 6; at++) {
      await world.lag.record(90);
      await world.clock.turn(minute);
    }
    assert.equal(world.follow.looks, looks);
    world.follow.put(one, "a", "1:2");
    world.follow.told(one, "a");
    await world.clock.turn(100);
    assert.deepEqual(world.news(), ["updated a"]);
    await world.clock.turn(3 * minute);
    assert.ok(world.follow.looks > looks);
  });

  test("does not trip the guard over removals that are on their way", async () => {
    const world = await relaying({ sources: thirty });
    await world.clock.turn(minute);
    world.mode = "holding";
    for (const source of names.slice(5)) {
      world.follow.drop(one, source);
      world.follow.told(one, source);
    }
    await world.clock.turn(200);
    assert.equal(world.news().length, 25);
    world.running.until = world.clock.now();
    await world.clock.turn(1_000);
    world.relay.run();
    await settle();
    assert.equal((await world.record())?.guard, undefined);
    assert.deepEqual(world.news(), []);
  });

  test("finds no removals that a watch has told already and that only wait", async () => {
    const world = await relaying({ sources: thirty });
    await world.clock.turn(minute);
    for (const source of names.slice(5)) {
      world.follow.drop(one, source);
      world.follow.told(one, source);
    }
    world.follow.lookAgain(one);
    await world.clock.turn(200);
    assert.equal((await world.record())?.guard, undefined);
    assert.deepEqual(await world.sources(), names.slice(0, 5));
  });

  test("keeps a provider's groups and says why, when it fails", async () => {
    const world = await relaying({ providers: [one, two], sources: { a: "1:1" } });
    world.follow.failing.set(one.id, new Error("pods: 403"));
    world.follow.drop(one, "a");
    world.follow.put(two, "x", "1:1");
    world.follow.lookAgain(one, two);
    await world.clock.turn(100);
    assert.deepEqual(await world.sources(one), ["a"]);
    assert.deepEqual(await world.sources(two), ["x"]);
    assert.equal((await world.record(one))?.lastError, "pods: 403");
    assert.equal((await world.record(two))?.lastError, "");
  });

  test("is made again soon when the pool could not be read; nothing is announced before", async () => {
    const world = createWorld();
    world.follow.put(one, "a", "1:1");
    let failing = true;
    const index = async (provider: string) => {
      if (failing) throw new Error("throttled");
      return world.pool.index(provider);
    };
    world.start({ pool: { index } }).run();
    await world.clock.turn(1_000);
    world.follow.told(one, "a");
    await world.clock.turn(1_000);
    assert.deepEqual(world.news(), []);
    assert.match((await world.record())?.lastError ?? "", /the pool could not be read: throttled/);
    failing = false;
    await world.clock.turn(11_000);
    assert.deepEqual(world.news(), ["updated a"]);
  });

  test("does not wait for a follower without end, and the lease is renewed meanwhile", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    world.follow.stuck = true;
    world.follow.lookAgain(one);
    await world.clock.turn(1_000);
    world.follow.put(one, "b", "1:1");
    world.follow.told(one, "b");
    await world.clock.turn(58_000);
    assert.deepEqual(world.news(), []);
    assert.ok(await world.leases.holder("c"));
    world.follow.stuck = false;
    await world.clock.turn(2_000);
    assert.deepEqual(world.news(), ["updated b"]);
    assert.equal(world.said("look failed")[0]?.error, "no answer within 60 seconds");
    await world.clock.turn(31_000);
    assert.equal((await world.record())?.lastError, "");
  });

  test("retires what the configuration no longer has, groups first and then the record", async () => {
    const world = await relaying({ providers: [one, two], sources: { a: "1:1" } });
    world.plan = planOf([two], "h2");
    await world.clock.turn(3_000);
    assert.deepEqual(await world.sources(one), []);
    assert.ok(await world.record(one));
    await world.clock.turn(2 * minute);
    assert.equal(await world.record(one), undefined);
    assert.ok(await world.record(two));
  });
});

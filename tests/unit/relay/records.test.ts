import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { providerStatusChangedSchema } from "../../../lib/targetgroup/event.ts";
import { createWorld, one, relaying, type World } from "./world.ts";

describe("the record of a provider that is followed", () => {
  test("says so, and stays fresh while nothing happens, at a pace that the table can bear", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    const writes = countWrites(world);
    await world.clock.turn(10 * 60_000);
    const record = await world.record();
    assert.equal(record?.followedBy, "relay");
    assert.ok(world.clock.now() - (record?.lastSuccess ?? 0) <= 31_000);
    assert.ok(writes.count <= 22, `${writes.count} writes in ten minutes`);
  });

  test("follows single changes with its counts and counters, within ten seconds", async () => {
    const world = await relaying({ sources: { a: "1:1", b: "1:1" } });
    await world.clock.turn(60_000);
    change(world, "c", "1:1");
    change(world, "a", "1:2");
    world.follow.drop(one, "b");
    world.follow.told(one, "b");
    await world.clock.turn(200);
    change(world, "d", "1:1");
    await world.clock.turn(11_000);
    const record = await world.record();
    assert.deepEqual([record?.sources, record?.targets], [3, 3]);
    const { added, updated, removed } = record!.counters;
    assert.deepEqual([added, updated, removed], [4, 1, 1]);
  });

  test("tells at once of a trouble, and of its end, on the bus as well", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(60_000);
    world.follow.troubles.set(one.id, ["pods: the watch ended: 500"]);
    await world.clock.turn(1_100);
    const failing = await world.record();
    assert.equal(failing?.lastError, "pods: the watch ended: 500");
    assert.ok(failing!.lastSuccess! < failing!.lastAttempt!);
    world.follow.troubles.clear();
    await world.clock.turn(1_100);
    assert.equal((await world.record())?.lastError, "");
    assert.deepEqual(healthTold(world), ["ok > failing", "failing > ok"]);
  });

  test("keeps the error of a look until another look has none", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    world.follow.failing.set(one.id, new Error("pods: 403"));
    world.follow.lookAgain(one);
    await world.clock.turn(3_000);
    assert.equal((await world.record())?.lastError, "pods: 403");
    world.follow.failing.clear();
    world.follow.lookAgain(one);
    await world.clock.turn(100);
    assert.equal((await world.record())?.lastError, "");
  });

  test("says each thing once", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    world.follow.failing.set(one.id, new Error("pods: 403"));
    world.follow.troubles.set(one.id, ["pods: 403"]);
    world.follow.lookAgain(one);
    await world.clock.turn(3_000);
    assert.equal((await world.record())?.lastError, "pods: 403");
    assert.equal(world.said("look failed").length, 1);
    world.follow.lookAgain(one);
    await world.clock.turn(3_000);
    assert.equal(world.said("look failed").length, 1);
  });

  test("that cannot be written is written later; changes go on", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(60_000);
    world.news();
    const { put } = world.statuses;
    world.statuses.put = () => Promise.reject(new Error("throttled"));
    world.follow.troubles.set(one.id, ["the watch ended"]);
    await world.clock.turn(20_000);
    change(world, "a", "1:2");
    await world.clock.turn(100);
    assert.deepEqual(world.news(), ["updated a"]);
    const tries = world.said("a provider's record was not written").length;
    assert.ok(tries >= 2 && tries <= 5, `${tries} tries`);
    world.statuses.put = put;
    await world.clock.turn(6_000);
    assert.equal((await world.record())?.lastError, "the watch ended");
  });

  test("is filled once the pool itself was seen to hold what the first look announced", async () => {
    const world = createWorld();
    world.follow.put(one, "a", "1:1");
    world.mode = "holding";
    world.start().run();
    await world.clock.turn(20_000);
    assert.equal((await world.record())?.sources, 1);
    assert.equal((await world.record())?.filled, undefined);
    await world.deliver();
    await world.clock.turn(25_000);
    assert.equal((await world.record())?.filled, true);
  });

  test("is not written by a relay that lost its lease", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(10_000);
    const writes = countWrites(world);
    world.leases.renew = async () => undefined;
    await world.clock.turn(4_990);
    const before = writes.count;
    world.follow.troubles.set(one.id, ["the watch ended"]);
    await world.clock.turn(60_000);
    assert.equal(world.running.end, "lease lost");
    assert.equal(writes.count, before);
  });
});

const countWrites = ({ statuses }: World) => {
  const writes = { count: 0 };
  const { put } = statuses;
  statuses.put = async (status) => {
    writes.count += 1;
    await put(status);
  };
  return writes;
};

const healthTold = (world: World) =>
  world.puts
    .flatMap(({ entries }) => entries)
    .filter(({ detailType }) => detailType === "Provider Status Changed")
    .map(({ detail }) => providerStatusChangedSchema.parse(detail))
    .map(({ from, to }) => `${from} > ${to}`);

const change = (world: World, source: string, address: string) => {
  world.follow.put(one, source, address);
  world.follow.told(one, source);
};

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { found, one, setUp } from "./world.ts";

describe("a look at a provider that is to be rebuilt", () => {
  test("announces everything anew, once, and takes away nothing that is there", async () => {
    const world = await filled();
    await world.rebuilds.ask(one.id, world.epoch());
    const short: number[] = [];
    world.pool.bump = async () => undefined;
    const offer = world.pool.offer.bind(world.pool);
    world.pool.offer = async (event, group) => {
      const answer = await offer(event, group);
      short.push((await world.pool.all(one.id)).length);
      return answer;
    };
    assert.deepEqual(await announced(world), 3);
    assert.deepEqual(short, [3, 3, 3], "readers found the whole list after every write");
    assert.deepEqual(await announced(world), 0);
  });

  test("removes what is gone", async () => {
    const world = await filled();
    await world.rebuilds.ask(one.id, world.epoch());
    const [seen] = await world.look({ [one.id]: found("a", "b") });
    assert.equal(seen?.announced, 3);
    assert.deepEqual(await world.sources(one), ["a", "b"]);
  });

  test("goes on where a bus that refused or lost its events left it", async () => {
    const world = await filled();
    await world.rebuilds.ask(one.id, world.epoch());
    world.refusing = true;
    await announced(world);
    world.refusing = false;
    world.losing = true;
    assert.equal(await announced(world), 3);
    world.losing = false;
    assert.equal(await announced(world), 3);
    assert.equal(await announced(world), 0);
  });

  test("publishes nothing when it fails, and leaves the last known good", async () => {
    const world = await filled();
    await world.rebuilds.ask(one.id, world.epoch());
    const [seen] = await world.look({ [one.id]: new Error("refused") });
    assert.deepEqual([seen?.announced, await world.sources(one)], [0, ["a", "b", "c"]]);
    assert.equal(await announced(world), 3, "the next one makes good for it");
  });

  test("is guarded as every other: what it would remove too much of waits, what is there is written anew", async () => {
    const world = setUp();
    const many = Array.from({ length: 30 }, (_, at) => `s${String(at).padStart(2, "0")}`);
    await world.look({ [one.id]: found(...many) });
    await world.rebuilds.ask(one.id, world.epoch());
    const [seen] = await world.look({ [one.id]: found(...many.slice(0, 5)) });
    assert.equal(seen?.announced, 5);
    assert.deepEqual(await world.sources(one), many);
    assert.equal((await world.record()).guard?.sources, 25);
  });

  test("keeps serving throughout, since the pool was full before", async () => {
    const world = await filled();
    assert.equal((await world.record()).filled, true);
    await world.rebuilds.ask(one.id, world.epoch());
    await announced(world);
    assert.equal((await world.record()).filled, true);
  });
});

const filled = async () => {
  const world = setUp();
  await world.look({ [one.id]: found("a", "b", "c") });
  await world.look({ [one.id]: found("a", "b", "c") });
  return world;
};

const announced = async (world: Awaited<ReturnType<typeof filled>>) => {
  const [seen] = await world.look({ [one.id]: found("a", "b", "c") });
  return seen?.announced;
};

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { one, relaying } from "./world.ts";

const thirty = Object.fromEntries(
  Array.from({ length: 30 }, (_, at) => [`s${String(at).padStart(2, "0")}`, "1:1"]),
);
const names = Object.keys(thirty);
const few = names.slice(0, 5);

describe("the guard under a relay", () => {
  test("holds what a list lost, and lets it go once a look an interval later says the same", async () => {
    const world = await tripped();
    assert.deepEqual(await world.sources(), names);
    assert.equal((await world.record())?.guard?.sources, 25);
    await world.clock.turn(one.every - 1_000);
    assert.deepEqual(await world.sources(), names);
    await world.clock.turn(2_000);
    assert.deepEqual(await world.sources(), few);
    assert.equal((await world.record())?.guard, undefined);
  });

  test("lets it go within seconds of a release", async () => {
    const world = await tripped();
    await world.clock.turn(2_000);
    assert.deepEqual(await world.sources(), names);
    await world.releases.release(one.id, (await world.record())!.guard!.since);
    await world.clock.turn(6_000);
    assert.deepEqual(await world.sources(), few);
  });

  test("is not asked by single removals, which a watch tells for certain", async () => {
    const world = await relaying({ sources: thirty });
    for (const source of names.slice(5)) {
      world.follow.drop(one, source);
      world.follow.told(one, source);
    }
    await world.clock.turn(100);
    assert.deepEqual(await world.sources(), few);
  });

  test("says nothing of a held source that is back as it was, and announces one that is back changed", async () => {
    const world = await tripped();
    world.news();
    world.follow.put(one, "s20", "1:1");
    world.follow.told(one, "s20");
    await world.clock.turn(500);
    assert.deepEqual(world.news(), []);
    world.follow.put(one, "s21", "1:9");
    world.follow.told(one, "s21");
    await world.clock.turn(500);
    assert.deepEqual(world.news(), ["updated s21"]);
  });

  test("trips once and is forgotten when the list is whole again", async () => {
    const world = await tripped();
    for (const source of names) world.follow.put(one, source, "1:1");
    world.follow.lookAgain(one);
    await world.clock.turn(500);
    assert.equal((await world.record())?.guard, undefined);
    const trips = world.puts.flatMap(({ entries }) => entries).filter(isTrip);
    assert.equal(trips.length, 1);
  });
});

const isTrip = ({ detailType }: { detailType: string }) => detailType === "Guard Tripped";

/** Thirty sources, and a list that has only five of them. */
const tripped = async () => {
  const world = await relaying({ sources: thirty });
  await world.clock.turn(120_000);
  world.puts.splice(0);
  for (const source of names.slice(5)) world.follow.drop(one, source);
  world.follow.lookAgain(one);
  await world.clock.turn(500);
  return world;
};

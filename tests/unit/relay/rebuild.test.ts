import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { one, relaying } from "./world.ts";

const minute = 60_000;

describe("a relay whose provider is to be rebuilt", () => {
  test("leaves it to the next lease, which announces everything anew, once", async () => {
    const world = await relaying({ sources: { a: "1:1", b: "1:2" } });
    await world.clock.turn(2 * minute);
    const epoch = (await world.leases.last("c"))!.epoch + 1;
    await world.rebuilds.ask(one.id, epoch);
    await world.clock.turn(6_000);
    assert.equal(world.running.end, "rebuild");
    assert.equal(world.puts.at(-1)?.entries[0]?.detailType, "Relay Due");
    assert.deepEqual(await world.sources(), ["a", "b"], "meanwhile nothing is missing");
    world.news();
    const next = world.relay.run(15, "r2");
    await world.clock.turn(1_000);
    assert.deepEqual(world.news().sort(), ["updated a", "updated b"]);
    await world.clock.turn(10 * minute);
    assert.deepEqual([world.news(), next.end], [[], undefined]);
    const epochs = [...(await world.pool.index(one.id)).values()].map(({ version }) => version.epoch);
    assert.ok(epochs.every((each) => each >= epoch));
  });

  test("does it again where the events got lost", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.clock.turn(2 * minute);
    await world.rebuilds.ask(one.id, (await world.leases.last("c"))!.epoch + 1);
    await world.clock.turn(6_000);
    world.mode = "losing";
    world.relay.run(15, "r2");
    await world.clock.turn(1_000);
    world.mode = "applying";
    world.news();
    await world.clock.turn(5 * minute);
    assert.deepEqual(world.news(), ["updated a"]);
  });

  test("of less than a minute leaves it to tick, so that nothing spins", async () => {
    const world = await relaying({ sources: { a: "1:1" } });
    await world.rebuilds.ask(one.id, (await world.leases.last("c"))!.epoch + 1);
    await world.clock.turn(6_000);
    assert.equal(world.running.end, "rebuild");
    assert.ok(
      world.puts.every(({ entries }) => entries.every(({ detailType }) => detailType !== "Relay Due")),
    );
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { status } from "../../fakes/providers.ts";
import { oneJob, setUp } from "./world.ts";

describe("a tick", () => {
  test("accepts the configuration and orders a look for every cluster never looked at", async () => {
    const world = setUp(oneJob);
    const { configuration, due } = await world.tick();
    assert.equal(configuration.outcome, "accepted");
    assert.deepEqual(world.ordered(), due);
    assert.match(due[0] ?? "", /^file\/[0-9a-f]{12}$/);
  });

  test("tells the reducer how long history is kept, and orders looks even if it cannot", async () => {
    const world = setUp(oneJob);
    await world.tick();
    assert.deepEqual(await world.history.terms(), { retention: 7 * 86_400_000, since: world.time.now });
    world.history.terms = () => Promise.reject(new Error("throttled"));
    assert.equal((await world.tick()).due.length, 1);
  });

  test("changes nothing when a new file is broken, says why, and goes on with the accepted one", async () => {
    const world = setUp(oneJob);
    await world.tick();
    world.text = "scrape_configs: [{job_name: a, colour: green}]";
    const { configuration, due } = await world.tick();
    assert.ok(
      configuration.outcome === "kept" &&
        /prometheus\.yml:1:\d+: .*field colour not found/.test(configuration.reason),
    );
    assert.equal(due.length, 1);
  });

  test("writes down whether the files could be accepted, and when they last could, changed or not", async () => {
    const world = setUp(oneJob);
    const began = world.time.now;
    await world.tick();
    assert.deepEqual(await world.reloads.read(), { successful: true, successAt: began });
    world.time.now += 60_000;
    await world.tick();
    assert.deepEqual(await world.reloads.read(), { successful: true, successAt: began + 60_000 });
    world.time.now += 60_000;
    world.text = "scrape_configs: [";
    await world.tick();
    assert.deepEqual(await world.reloads.read(), { successful: false, successAt: began + 60_000 });
    world.reloads.put = () => Promise.reject(new Error("throttled"));
    assert.equal((await world.tick()).due.length, 1);
  });

  test("orders nothing before a first configuration was accepted", async () => {
    const world = setUp("scrape_configs: [");
    assert.deepEqual((await world.tick()).due, []);
    assert.deepEqual(world.ordered(), []);
  });

  test("orders no look while the reducer is more than a minute behind", async () => {
    const world = setUp(oneJob);
    await world.lag.record(61);
    assert.deepEqual((await world.tick()).due, []);
    await world.lag.record(59);
    assert.equal((await world.tick()).due.length, 1);
  });

  test("does not believe a record of the reducer's lag that is older than two minutes", async () => {
    const world = setUp(oneJob);
    await world.lag.record(3600);
    world.time.now += 121_000;
    assert.equal((await world.tick()).due.length, 1);
  });

  test("orders the look that retires a provider which the configuration no longer has", async () => {
    const world = setUp(oneJob);
    await world.tick();
    const [cluster = ""] = world.ordered();
    await world.statuses.put(status({ provider: cluster, cluster, lastAttempt: world.time.now }));
    assert.deepEqual((await world.tick()).due, []);
    world.text = "scrape_configs: [{job_name: a}]";
    assert.deepEqual(
      (await world.tick()).due.filter((one) => one === cluster),
      [cluster],
    );
  });
});

describe("a slow tick", () => {
  test("does not put older files back over what was accepted while it read", async () => {
    const world = setUp(oneJob);
    await world.tick();
    const newer = "scrape_configs: [{job_name: b}]";
    world.meanwhile = async () => {
      world.meanwhile = undefined;
      world.text = newer;
      await world.tick();
    };
    await world.tick();
    assert.equal((await world.accepted.current())?.document.main.text, newer);
  });
});

describe("the first tick of a process", () => {
  test("takes every cluster as due, since nobody knows what happened while nobody looked", async () => {
    const world = setUp(oneJob);
    const [cluster = ""] = (await world.tick()).due;
    await world.statuses.put(status({ provider: cluster, cluster, lastAttempt: world.time.now }));
    assert.deepEqual((await world.tick()).due, []);
    const answer = await world.handle({ schedule: "tick", start: true });
    assert.ok("due" in answer && answer.due.includes(cluster));
  });
});

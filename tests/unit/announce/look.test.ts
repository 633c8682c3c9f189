import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Look } from "../../../lib/discovery/discoverer.ts";
import { found, one, setUp, two } from "./world.ts";

describe("one look at a cluster", () => {
  test("announces what is new, and a second look at the same announces nothing", async () => {
    const world = setUp();
    const first = await world.look({ [one.id]: found("a", "b") });
    assert.deepEqual(
      first.map(({ announced }) => announced),
      [2],
    );
    const second = await world.look({ [one.id]: found("a", "b") });
    assert.deepEqual(
      second.map(({ announced }) => announced),
      [0],
    );
  });

  test("announces what vanished", async () => {
    const world = setUp();
    await world.look({ [one.id]: found("a", "b") });
    await world.look({ [one.id]: found("a") });
    assert.deepEqual(await world.sources(one), ["a"]);
  });

  test("compares with the pool itself, so that a lost event is repaired by the next look (promise 5)", async () => {
    const world = setUp();
    world.losing = true;
    await world.look({ [one.id]: found("a") });
    assert.deepEqual(await world.sources(one), []);
    world.losing = false;
    await world.look({ [one.id]: found("a") });
    assert.deepEqual(await world.sources(one), ["a"]);
  });

  test("publishes nothing for a provider whose look failed, keeps what it had, and goes on with the others (promise 3)", async () => {
    const world = setUp();
    await world.look({ [one.id]: found("a"), [two.id]: found("x") });
    const seen = await world.look({ [one.id]: new Error("403 Forbidden"), [two.id]: found("y") });
    assert.deepEqual(
      seen.map(({ error }) => error),
      ["403 Forbidden", ""],
    );
    assert.deepEqual(await world.sources(one), ["a"]);
    assert.deepEqual(await world.sources(two), ["y"]);
    const [status] = await world.statuses.list();
    assert.deepEqual(
      [status?.lastError, status?.sources, status?.counters.failures],
      ["403 Forbidden", 1, 1],
    );
  });

  test("counts how long looks took, those that failed as well", async () => {
    const world = setUp();
    await world.look({ [one.id]: found("a") });
    await world.look({ [one.id]: new Error("403 Forbidden") });
    const { counters } = await world.record();
    assert.deepEqual(counters.durations, { count: 2, seconds: 0, within: [2, 2, 2, 2] });
  });

  test("writes down when files changed, and keeps that when a look learns nothing", async () => {
    const world = setUp();
    await world.look({ [one.id]: { ...found("a"), files: { "/a.json": 5 } } });
    await world.look({ [one.id]: new Error("no time") });
    assert.deepEqual((await world.record()).files, { "/a.json": 5 });
  });

  test("keeps the sources about which nothing was learned, and counts them", async () => {
    const world = setUp();
    await world.look({ [one.id]: found("a/1", "b/1") });
    const partial: Look = { groups: [], keeps: (source) => source.startsWith("b/"), problems: ["b: 403"] };
    await world.look({ [one.id]: partial });
    assert.deepEqual(await world.sources(one), ["b/1"]);
    const [status] = await world.statuses.list();
    assert.deepEqual([status?.sources, status?.targets, status?.lastError], [1, 1, "b: 403"]);
  });

  test("moves the time of the last success only when all went well", async () => {
    const world = setUp();
    await world.look({ [one.id]: found("a") });
    const before = (await world.statuses.list())[0]?.lastSuccess;
    world.time.now += 60_000;
    await world.look({ [one.id]: new Error("down") });
    const [status] = await world.statuses.list();
    assert.deepEqual([status?.lastSuccess, status?.lastAttempt], [before, world.time.now]);
  });

  test("says in the status when the bus did not take everything", async () => {
    const world = setUp();
    world.refusing = true;
    const [seen] = await world.look({ [one.id]: found("a") });
    assert.match(seen?.error ?? "", /not everything was announced: the bus is away/);
  });

  test("removes the groups of a provider that the configuration no longer has, then its record", async () => {
    const world = setUp();
    await world.look({ [one.id]: found("a"), [two.id]: found("x") });
    await world.look({ [two.id]: found("x") });
    assert.deepEqual(await world.sources(one), []);
    assert.equal((await world.statuses.list()).length, 2);
    await world.look({ [two.id]: found("x") });
    assert.deepEqual(
      (await world.statuses.list()).map((status) => status.provider),
      [two.id],
    );
  });
});

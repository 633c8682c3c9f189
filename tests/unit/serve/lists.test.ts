import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { status } from "../../fakes/providers.ts";
import { looked, now, pods, setUp } from "./podsdoor.ts";

describe("GET /sd/{job}", () => {
  test("gives the whole list as application/json, ordered by source", async () => {
    const world = await setUp([status({ provider: pods.id, ...looked })]);
    await world.apply("pod/b", "127.0.0.1:2");
    await world.apply("pod/a", "127.0.0.1:1");
    const answer = await world.get("sd/pods");
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers["Content-Type"], "application/json");
    assert.deepEqual(answer.json, [
      { targets: ["127.0.0.1:1"], labels: { team: "shop" } },
      { targets: ["127.0.0.1:2"], labels: { team: "shop" } },
    ]);
  });

  test("gives the same bytes for the same pool, and the change after one", async () => {
    const world = await setUp([status({ provider: pods.id, ...looked })]);
    await world.apply("pod/a", "127.0.0.1:1");
    const first = await world.get("sd/pods");
    assert.equal((await world.get("sd/pods")).body, first.body);
    await world.apply("pod/a");
    assert.equal((await world.get("sd/pods")).body, "[]");
  });

  test("answers 304 to a reader that has the list already, until it changes", async () => {
    const world = await setUp([status({ provider: pods.id, ...looked })]);
    await world.apply("pod/a", "127.0.0.1:1");
    const tag = (await world.get("sd/pods")).headers.ETag ?? "";
    const again = () => world.get("sd/pods", { host: "127.0.0.1:9095", "If-None-Match": tag });
    assert.equal((await again()).statusCode, 304);
    await world.apply("pod/a", "127.0.0.1:2");
    assert.equal((await again()).statusCode, 200);
  });

  test("gives [] for a job that has nothing", async () => {
    const world = await setUp([status({ provider: pods.id, ...looked })]);
    assert.equal((await world.get("sd/pods")).body, "[]");
  });

  test("gives [] for a job without any discovery block", async () => {
    const world = await setUp([], { jobs: ["none"] });
    assert.equal((await world.get("sd/none")).body, "[]");
  });

  for (const path of ["sd/a/b", "sd/a%2Fb", "sd/100%25", "sd/100%"]) {
    test(`finds the job of ${path}`, async () => {
      const world = await setUp([status({ provider: pods.id, ...looked })]);
      assert.equal((await world.get(path)).statusCode, 200);
    });
  }

  test("answers 404 with the list of jobs for one that does not exist", async () => {
    const answer = await (await setUp([])).get("sd/nope");
    assert.equal(answer.statusCode, 404);
    assert.match(answer.json.error, /no such job: nope; there are: pods, a\/b, 100%/);
    assert.deepEqual(answer.json.data.jobs, ["pods", "a/b", "100%"]);
  });

  test("goes on serving the last known good list while the source is down", async () => {
    const world = await setUp([status({ provider: pods.id, ...looked, lastError: "connection refused" })]);
    await world.apply("pod/a", "127.0.0.1:1");
    assert.equal((await world.get("sd/pods")).json.length, 1);
  });

  test("answers 503 rather than [] before the first look has ended, so that a scraper keeps what it had", async () => {
    const answer = await (await setUp([])).get("sd/pods");
    assert.equal(answer.statusCode, 503);
    assert.match(answer.json.error, /job pods: its first look is still under way/);
  });

  test("answers 503 with the reason when no look has ever succeeded", async () => {
    const failed = status({ provider: pods.id, lastAttempt: now, lastError: "401 Unauthorized" });
    assert.match(
      (await (await setUp([failed])).get("sd/pods")).json.error,
      /no look has succeeded yet: 401 Unauthorized/,
    );
  });

  test("answers 503 until the pool holds what the first look announced", async () => {
    const first = status({ provider: pods.id, ...looked, sources: 2 });
    const world = await setUp([first]);
    await world.apply("pod/a", "127.0.0.1:1");
    assert.match(
      (await world.get("sd/pods")).json.error,
      /1 of 2 target groups of its first look have arrived/,
    );
    await world.apply("pod/b", "127.0.0.1:2");
    assert.equal((await world.get("sd/pods")).statusCode, 200);
  });

  test("answers 400 to a parameter that it does not know, rather than everything to a scraper that asked for its shard", async () => {
    const world = await setUp([status({ provider: pods.id, ...looked })]);
    const answer = await world.get("sd/pods", undefined, { shards: ["0"], of: ["2"] });
    assert.equal(answer.statusCode, 400);
    assert.match(answer.json.error, /the parameter shards is not known/);
  });

  test("does not withhold a list that shrank after the first look", async () => {
    const later = status({
      provider: pods.id,
      ...looked,
      sources: 2,
      filled: true,
    });
    const world = await setUp([later]);
    await world.apply("pod/a", "127.0.0.1:1");
    assert.equal((await world.get("sd/pods")).json.length, 1);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { status } from "../../fakes/providers.ts";
import { looked, now, pods, setUp } from "./podsdoor.ts";

describe("the other routes", () => {
  test("GET /api/v1/providers tells how each provider is doing", async () => {
    const failing = status({
      provider: pods.id,
      ...looked,
      lastError: "403 Forbidden",
      sources: 3,
      targets: 5,
    });
    const [one] = (await (await setUp([failing])).get("api/v1/providers")).json.data.providers;
    assert.deepEqual(one, {
      provider: pods.id,
      mechanism: "static",
      cluster: pods.cluster,
      jobs: pods.jobs,
      health: "failing",
      followedBy: "schedule",
      lastAttempt: "2026-11-22T12:00:00.000Z",
      lastSuccess: "2026-11-22T12:00:00.000Z",
      stalenessSeconds: 0,
      sources: 3,
      targets: 5,
      lastError: "403 Forbidden",
      guard: null,
      repaired: 0,
    });
  });

  test("GET /api/v1/providers tells how many messages became dead letters, and what was repaired", async () => {
    const counters = { looks: 4, failures: 1, added: 3, updated: 2, removed: 1, repaired: 6 };
    const world = await setUp([status({ provider: pods.id, ...looked, counters })]);
    await world.deadLetterCount.add(2);
    const { data } = (await world.get("api/v1/providers")).json;
    assert.equal(data.deadLetters, 2);
    assert.equal(data.providers[0].repaired, 6);
    const { body } = await world.get("metrics");
    assert.ok(body.includes("\nrollcall_dead_letters_total 2\n"));
    assert.ok(body.includes("\nrollcall_reducer_lag_seconds 0\n"));
  });

  test("GET /api/v1/providers tells who keeps up with a provider, by its record", async () => {
    const followed = status({ provider: pods.id, ...looked, followedBy: "relay" });
    const [one] = (await (await setUp([followed])).get("api/v1/providers")).json.data.providers;
    assert.equal(one.followedBy, "relay");
  });

  test("GET /api/v1/providers tells what the guard holds back, and since when", async () => {
    const held = status({ provider: pods.id, ...looked, guard: { since: now, sources: 20, targets: 40 } });
    const [one] = (await (await setUp([held])).get("api/v1/providers")).json.data.providers;
    assert.deepEqual(one.guard, { since: "2026-11-22T12:00:00.000Z", sources: 20, targets: 40 });
  });

  test("GET /-/ready is 200 once every provider has reported or failed once", async () => {
    assert.equal((await (await setUp([])).get("-/ready")).statusCode, 503);
    const failed = status({ provider: pods.id, lastAttempt: now, lastError: "down" });
    assert.equal((await (await setUp([failed])).get("-/ready")).statusCode, 200);
  });

  test("GET /-/healthy needs nothing, not even a loopback Host", async () => {
    assert.equal((await (await setUp([])).get("-/healthy", { host: "elsewhere.example" })).statusCode, 200);
  });

  test("a page elsewhere reads nothing", async () => {
    const answer = await (await setUp([])).get("sd/pods", { host: "elsewhere.example" });
    assert.equal(answer.statusCode, 403);
  });

  test("GET /metrics has Prometheus's discovery metrics and our own", async () => {
    const counters = { looks: 4, failures: 1, added: 3, updated: 2, removed: 1 };
    const guard = { since: now, sources: 2, targets: 3 };
    const world = await setUp([status({ provider: pods.id, ...looked, targets: 7, counters, guard })]);
    const { body } = await world.get("metrics");
    for (const line of [
      'prometheus_sd_discovered_targets{name="scrape",config="pods"} 7',
      'prometheus_sd_received_updates_total{name="scrape"} 3',
      `rollcall_provider_up{provider="${pods.id}",mechanism="static",cluster="${pods.cluster}"} 1`,
      `rollcall_provider_changes_total{provider="${pods.id}",mechanism="static",cluster="${pods.cluster}",change="removed"} 1`,
      `rollcall_provider_guard_held_targets{provider="${pods.id}",mechanism="static",cluster="${pods.cluster}"} 3`,
      "# TYPE prometheus_sd_received_updates_total counter",
    ]) {
      assert.ok(body.split("\n").includes(line), `${line} in\n${body}`);
    }
  });

  test("GET / names the jobs", async () => {
    assert.match((await (await setUp([])).get("")).body, /sd\/a%2Fb/);
  });

  test("a claim is given only of a provider that the configuration has", async () => {
    const hash = "c".repeat(64);
    const world = await setUp([]);
    await world.blobs.put(`claim/${pods.id}/${hash}`, Buffer.from('{"source":"a"}'));
    await world.blobs.put(`claim/kubernetes/00000000000f/${hash}`, Buffer.from("{}"));
    assert.deepEqual((await world.get(`api/v1/claims/${pods.id}/${hash}`)).json, { source: "a" });
    assert.equal((await world.get(`api/v1/claims/kubernetes/00000000000f/${hash}`)).statusCode, 404);
  });

  test("what is not there is 404", async () => {
    assert.equal((await (await setUp([])).get("api/v1/nothing")).statusCode, 404);
  });
});

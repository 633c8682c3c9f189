import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noSettings } from "../../../lib/config/settings.ts";
import type { Plan } from "../../../lib/discovery/current.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import type { ProviderStatus } from "../../../lib/pool/status.ts";
import { createServe } from "../../../lib/serve/routes.ts";
import { changed } from "../../fakes/events.ts";
import { job } from "../../fakes/jobs.ts";
import { provider, status } from "../../fakes/providers.ts";
import { createServeParts, readWhole } from "./parts.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const pods = provider({ id: "kubernetes/00000000000a", jobs: ["pods", "a/b", "100%"] });
const looked = { lastAttempt: now, lastSuccess: now };

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

const setUp = async (statuses: ProviderStatus[], { jobs = pods.jobs }: { jobs?: readonly string[] } = {}) => {
  const clock = () => now;
  const { pool, parts } = createServeParts(clock);
  for (const one of statuses) await parts.statuses.put(one);
  const serve = createServe({ plan: async () => planOf(jobs, [pods]), ...parts });
  let sequence = 0;
  return {
    blobs: parts.blobs,
    deadLetterCount: parts.deadLetterCount,
    apply: async (source: string, ...addresses: string[]) => {
      sequence += 1;
      const event = changed({ source, provider: pods.id, sequence, addresses });
      await pool.offer(event, event.group!);
      await pool.bump(pods.id);
    },
    get: async (
      path: string,
      headers: Record<string, string> = { host: "127.0.0.1:9095" },
      query: Record<string, string[]> | null = null,
    ) => {
      return readWhole(await serve({ ...request(path, headers), multiValueQueryStringParameters: query }));
    },
  };
};

const request = (path: string, headers: Record<string, string>) => ({
  httpMethod: "GET",
  path: `/${path}`,
  pathParameters: path === "" ? null : { path },
  headers,
  multiValueQueryStringParameters: null,
  requestContext: { identity: { sourceIp: "127.0.0.1" } },
});

const planOf = (jobs: readonly string[], providers: Provider[]): Plan => ({
  hash: "h",
  providers,
  warnings: [],
  settings: noSettings,
  configuration: { jobs: jobs.map((name) => job(name)) },
});

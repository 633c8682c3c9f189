import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryStatuses } from "../../../lib/pool/memory.ts";
import { addresses, filled, yaml } from "./sdworld.ts";
import { east, groupOf, planOf, serveWorld } from "./world.ts";

describe("GET /sd/{job} for a part of the list", () => {
  for (const [query, expected] of [
    ["cluster=east", ["a:1", "a:2", "b:1", "c:1"]],
    ["cluster=west", ["d:1"]],
    ['match[]={__meta_team="x"}', ["a:1", "a:2"]],
    ['match[]={__meta_team="x"}&match[]={__address__="d:1"}', ["a:1", "a:2", "d:1"]],
    ['match[]={__metrics_path__="/metrics",job="pods"}', ["a:1", "a:2", "b:1", "c:1", "d:1"]],
    ['cluster=west&match[]={__meta_team="x"}', []],
    ["relabel=true", ["a:1", "a:2", "d:1"]],
    ["relabel=false", ["a:1", "a:2", "b:1", "c:1", "d:1"]],
    ['relabel=true&match[]={team="x"}', ["a:1", "a:2"]],
    ['relabel=true&match[]={__metrics_path__="/m"}', ["a:2"]],
    ['relabel=true&match[]={__meta_team="x"}', []],
    ["relabel=true&cluster=east", ["a:1", "a:2"]],
  ] as const) {
    test(`?${query} has ${expected.join(", ") || "nothing"}`, async () => {
      const answer = await (await filled()).get(`sd/pods?${query}`);
      assert.equal(answer.statusCode, 200, answer.body);
      assert.deepEqual(addresses(answer.json), expected);
    });
  }

  test("gives final targets without meta labels, and says how many were left out", async () => {
    const answer = await (await filled()).get("sd/pods?relabel=true&cluster=east");
    const common = {
      __scheme__: "http",
      __scrape_interval__: "1m",
      __scrape_timeout__: "10s",
      job: "pods",
      team: "x",
    };
    assert.deepEqual(answer.json, [
      { targets: ["a:1"], labels: { ...common, __metrics_path__: "/metrics" } },
      { targets: ["a:2"], labels: { ...common, __metrics_path__: "/m" } },
    ]);
    assert.equal(answer.headers["X-Rollcall-Left-Out"], "dropped=1, failed=1");
  });

  test("has each target in exactly one shard", async () => {
    const world = await filled();
    for (const relabel of ["", "&relabel=true"]) {
      const whole = addresses((await world.get(`sd/pods?${relabel.slice(1)}`)).json);
      const parts = [];
      for (const shard of [0, 1, 2]) {
        parts.push(...addresses((await world.get(`sd/pods?shard=${shard}&of=3${relabel}`)).json));
      }
      assert.deepEqual(parts.sort(), whole);
    }
  });

  for (const [query, expected] of [
    ["shards=0", /the parameter shards is not known; there are: at, cluster, match\[\]/],
    ["shard=0", /shard and of go together/],
    ["shard=3&of=3", /shard must be a whole number from 0 to 2/],
    ["shard=0&shard=1&of=2", /shard is given more than once/],
    ["relabel=yes", /relabel must be true or false/],
    ["match[]=up", /a selector is such as \{namespace="shop"/],
    ["match[]={a=~'('}", /label "a": error parsing regexp/],
    ["cluster=north", /the job has no cluster north; it has: east, west/],
    ["after=x", /waiting for a change is off here/],
  ] as const) {
    test(`?${query} is 400 with what is allowed`, async () => {
      const answer = await (await filled()).get(`sd/pods?${query}`);
      assert.equal(answer.statusCode, 400);
      assert.match(answer.json.error, expected);
    });
  }

  test("has its own tag for each part, which holds until the list or the job's rules change", async () => {
    const world = await filled();
    const queries = [
      "",
      "relabel=true",
      "shard=0&of=2",
      "shard=1&of=2",
      'match[]={__meta_team="x"}',
      "cluster=east",
    ];
    const tags = async () =>
      Promise.all(queries.map(async (query) => (await world.get(`sd/pods?${query}`)).headers.ETag));
    const first = await tags();
    assert.equal(new Set(first).size, queries.length);
    assert.deepEqual(await tags(), first);
    world.reconfigure(yaml.replace("target_label: team", "target_label: squad"));
    const second = await tags();
    assert.equal(second[0], first[0]);
    assert.notEqual(second[1], first[1]);
    await world.apply(east.id, groupOf("pod/e", [{ __address__: "e:1" }]));
    const third = await tags();
    assert.ok(third.every((tag, index) => tag !== second[index]));
    const again = await world.get("sd/pods?relabel=true", { "If-None-Match": third[1] ?? "" });
    assert.deepEqual([again.statusCode, again.body], [304, ""]);
  });

  test("changes with the job's rules, and with the pool", async () => {
    const world = await filled();
    await world.get("sd/pods?relabel=true");
    world.reconfigure(yaml.replace("target_label: team", "target_label: squad"));
    assert.equal((await world.get("sd/pods?relabel=true")).json[0].labels.squad, "x");
    await world.apply(east.id, groupOf("pod/a", [{ __address__: "a:9" }]));
    assert.deepEqual(addresses((await world.get("sd/pods?relabel=true")).json), ["a:9", "d:1"]);
  });
});

describe("GET /sd/{job} through a slow door", () => {
  const big = groupOf("pod/big", [{ __address__: "a:1", __meta_note: "x".repeat(8_000_000) }]);
  const open = async () => {
    const world = await filled({ parts: { doorSpeed: 1_000_000 } });
    await world.apply(east.id, big);
    return world;
  };

  test("is 413 naming shards and relabelling when the list comes later than the reader's next question", async () => {
    const answer = await (await open()).get("sd/pods", { "X-Prometheus-Refresh-Interval-Seconds": "1" });
    assert.equal(answer.statusCode, 413);
    assert.match(answer.json.error, /9 MB.*\?shard=0&of=4.*\?relabel=true/);
  });

  test("is the list when it comes in time, or is small, or is compressed, or is known", async () => {
    const world = await open();
    const asking = { "X-Prometheus-Refresh-Interval-Seconds": "1" };
    assert.equal((await world.get("sd/pods")).statusCode, 200);
    assert.equal((await world.get("sd/pods?relabel=true", asking)).statusCode, 200);
    assert.equal(
      (await world.get("sd/pods", { ...asking, "X-Prometheus-Refresh-Interval-Seconds": "3" })).statusCode,
      200,
    );
    assert.equal((await world.get("sd/pods", { ...asking, "Accept-Encoding": "gzip" })).statusCode, 200);
    const tag = (await world.get("sd/pods")).headers.ETag ?? "";
    assert.equal((await world.get("sd/pods", { ...asking, "If-None-Match": tag })).statusCode, 304);
  });
});

test("GET /sd/{job} reads the records beside the configuration, once somebody has asked before", async () => {
  const records = createMemoryStatuses();
  const order: string[] = [];
  const list = () => {
    order.push("records");
    return records.list();
  };
  const current = planOf(yaml, [east], []);
  const plan = async () => {
    await Promise.resolve();
    order.push("configuration");
    return current;
  };
  const world = await serveWorld({
    yaml,
    providers: [east],
    parts: { plan, statuses: { ...records, list } },
  });
  assert.equal((await world.get("sd/pods")).statusCode, 503);
  assert.equal((await world.get("sd/pods")).statusCode, 503);
  assert.deepEqual(order, ["configuration", "records", "records", "configuration"]);
});

test("GET /sd/{job} answers by the configuration that is accepted now, not by the one before", async () => {
  const plans = [planOf(yaml, [east], []), planOf(yaml.replace("pods", "others"), [east], [])];
  const world = await serveWorld({ yaml, providers: [east], parts: { plan: async () => plans.shift() } });
  await world.get("sd/pods");
  assert.equal((await world.get("sd/pods")).statusCode, 404);
});

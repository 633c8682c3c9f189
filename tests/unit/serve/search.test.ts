import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import type { TokenSettings } from "../../../lib/config/settings.ts";
import { targetsIn } from "../../../page/pure/compact.ts";
import { provider } from "../../fakes/providers.ts";
import { east, groupOf, serveWorld, west } from "./world.ts";

const yaml = `
scrape_configs:
- job_name: pods
  relabel_configs:
  - {source_labels: [__meta_state], regex: drop, action: drop}
  - {source_labels: [__meta_state], regex: clear, target_label: __address__, replacement: ""}
  - {source_labels: [__meta_team], target_label: team}
- job_name: nodes
`;
const nodes = provider({ id: "kubernetes/00000000000c", cluster: "east", jobs: ["nodes"] });

const filled = async (tokens: readonly TokenSettings[] = []) => {
  const world = await serveWorld({ yaml, providers: [west, east, nodes], tokens });
  await world.apply(
    east.id,
    groupOf("pod/a", [{ __address__: "a:1", __meta_team: "Shop.1" }]),
    groupOf("pod/b", [{ __address__: "b:1", __meta_state: "drop" }]),
    groupOf("pod/c", [{ __address__: "c:1", __meta_state: "clear" }]),
    groupOf("pod/e", [{ __address__: "e:1", __meta_way: "1" }]),
  );
  await world.apply(west.id, groupOf("pod/e", [{ __address__: "e:1", __meta_way: "2" }]));
  await world.apply(nodes.id, groupOf("node/n", [{ __address__: "n:1" }]));
  return world;
};

type Found = { job: string; source: string; provider: string; state: string; reason?: string };
const found = (json: { data: { targets: Found[] } }) =>
  json.data.targets.map(({ job, source, state }) => `${job} ${source} ${state}`);

describe("GET /api/v1/search", () => {
  test("lists targets by job, provider and source, with what became of each and why", async () => {
    const { json } = await (await filled()).get("api/v1/search");
    assert.deepEqual(found(json), [
      "nodes node/n active",
      "pods pod/a active",
      "pods pod/b dropped",
      "pods pod/c failed",
      "pods pod/e active",
      "pods pod/e duplicate",
    ]);
    assert.deepEqual(
      json.data.targets.map(({ reason }: Found) => reason),
      [
        undefined,
        undefined,
        "rule 1 of relabel_configs (drop) dropped it",
        "no address",
        undefined,
        `its final labels are those of pod/e of ${east.id}, which is shown`,
      ],
    );
    assert.deepEqual(json.data.counts, { active: 3, dropped: 1, failed: 1, duplicate: 1 });
    assert.equal(json.data.cursor, null);
  });

  test("shows discovered and final labels side by side", async () => {
    const [one] = (await (await filled()).get("api/v1/search?job=nodes")).json.data.targets;
    assert.equal(one.discoveredLabels.instance, undefined);
    assert.equal(one.labels.instance, "n:1");
    assert.equal(one.labels.__scheme__, "http");
    assert.equal(one.scrapeUrl, "http://n:1/metrics");
    assert.deepEqual([one.cluster, one.provider], ["east", nodes.id]);
  });

  for (const [query, expected] of [
    ["state=dropped", ["pods pod/b dropped"]],
    ["state=any&job=nodes", ["nodes node/n active"]],
    ["cluster=west", ["pods pod/e duplicate"]],
    ['match[]={team="Shop.1"}', ["pods pod/a active"]],
    ['match[]={__meta_state=~".%2B"}', ["pods pod/b dropped", "pods pod/c failed"]],
    ['match[]={instance="n:1"}&match[]={team="Shop.1"}', ["nodes node/n active", "pods pod/a active"]],
    ["q=shop.1", ["pods pod/a active"]],
    ["q=shop1", []],
    ["q=POD/A pods", ["pods pod/a active"]],
    ["q=b:1 a:1", []],
  ] as const) {
    test(`?${query} finds ${expected.join(", ") || "nothing"}`, async () => {
      assert.deepEqual(found((await (await filled()).get(`api/v1/search?${query}`)).json), expected);
    });
  }

  test("says the same in compact form, for who wants many at once", async () => {
    const world = await filled();
    for (const query of ["job=pods", "state=dropped", "job=pods&limit=2"]) {
      const long = (await world.get(`api/v1/search?${query}`)).json.data;
      const short = (await world.get(`api/v1/search?compact=true&${query}`)).json.data;
      const none = { reason: "", scrapeUrl: "" };
      assert.deepEqual(
        targetsIn(short).map((one) => ({ ...one })),
        long.targets.map((one: object) => ({ ...none, ...one })),
      );
      assert.deepEqual([short.counts, short.cursor], [long.counts, long.cursor]);
    }
  });

  test("counts all that match, whatever page and state are shown", async () => {
    const { json } = await (await filled()).get("api/v1/search?job=pods&state=dropped&limit=1");
    assert.deepEqual(json.data.counts, { active: 2, dropped: 1, failed: 1, duplicate: 1 });
  });

  test("goes on behind the cursor, though targets came and went in between", async () => {
    const world = await filled();
    const first = (await world.get("api/v1/search?job=pods&limit=2")).json;
    assert.deepEqual(found(first), ["pods pod/a active", "pods pod/b dropped"]);
    await world.apply(east.id, groupOf("pod/b", []), groupOf("pod/aa", [{ __address__: "z:1" }]));
    const second = (await world.get(`api/v1/search?job=pods&limit=2&cursor=${first.data.cursor}`)).json;
    assert.deepEqual(found(second), ["pods pod/c failed", "pods pod/e active"]);
    const third = (await world.get(`api/v1/search?job=pods&limit=2&cursor=${second.data.cursor}`)).json;
    assert.deepEqual([found(third), third.data.cursor], [["pods pod/e duplicate"], null]);
  });

  for (const [query, status, expected] of [
    ["job=x", 404, /no such job: x; there are: pods, nodes/],
    ["limit=0", 400, /limit must be a whole number from 1 to 1000/],
    ["compact=yes", 400, /compact must be true or false/],
    ["compact=true&limit=10001", 400, /limit must be a whole number from 1 to 10000/],
    ["limit=1001", 400, /limit must be a whole number from 1 to 1000/],
    ["state=up", 400, /state must be one of any, active, dropped, failed, duplicate/],
    ["match[]={", 400, /match\[\]: the selector ends where/],
    ["cursor=x", 400, /the cursor is none/],
    ["cursor=W10", 400, /the cursor is none/],
    ["cursor=", 400, /the cursor is none/],
    [`q=${"a".repeat(300)}`, 400, /q may have 16 words/],
    ["shard=0", 400, /the parameter shard is not known; there are: job, cluster/],
    ["job=pods&job=nodes", 400, /job is given more than once/],
  ] as const) {
    test(`?${query.slice(0, 30)} is ${status} with what is allowed`, async () => {
      const answer = await (await filled()).get(`api/v1/search?${query}`);
      assert.equal(answer.statusCode, status);
      assert.match(answer.json.error, expected);
    });
  }

  test("shows a token only its jobs and clusters", async () => {
    const sha256 = createHash("sha256").update("let-me-in").digest("hex");
    const token = { name: "t", sha256, jobs: ["pods"], clusters: ["west"], operate: false };
    const world = await filled([token]);
    const headers = { Authorization: "Bearer let-me-in" };
    const { json } = await world.get("api/v1/search", headers);
    assert.deepEqual(found(json), ["pods pod/e active"]);
    assert.equal((await world.get("api/v1/groups", headers)).json.data.groups.length, 1);
    assert.equal((await world.get("api/v1/search?job=nodes", headers)).statusCode, 404);
    assert.equal((await world.get("api/v1/search")).statusCode, 401);
  });

  test("ends a page early when its targets are large, and goes on behind them", async () => {
    const world = await filled();
    const large = (name: string) =>
      groupOf(name, [{ __address__: `${name.slice(5)}:1`, __meta_note: "x".repeat(3_000_000) }]);
    await world.apply(nodes.id, large("node/x"), large("node/y"), large("node/z"));
    const first = (await world.get("api/v1/search?job=nodes")).json;
    assert.deepEqual(found(first), ["nodes node/n active", "nodes node/x active", "nodes node/y active"]);
    const second = (await world.get(`api/v1/search?job=nodes&cursor=${first.data.cursor}`)).json;
    assert.deepEqual(found(second), ["nodes node/z active"]);
    assert.equal(second.data.cursor, null);
  });
});

describe("GET /api/v1/groups", () => {
  test("gives groups as they were announced, with their versions, page by page", async () => {
    const world = await filled();
    const first = (await world.get("api/v1/groups?job=pods&limit=3")).json.data;
    const [one] = first.groups;
    assert.deepEqual(Object.keys(one), ["provider", "source", "version", "hash", "group"]);
    assert.deepEqual([one.provider, one.source, one.group.targets[0].__address__], [east.id, "pod/a", "a:1"]);
    assert.equal(one.version.sequence, 1);
    await world.apply(east.id, groupOf("pod/c", []));
    const second = (await world.get(`api/v1/groups?job=pods&cursor=${first.cursor}`)).json.data;
    assert.deepEqual(
      second.groups.map(({ provider: id, source }: { provider: string; source: string }) => [id, source]),
      [
        [east.id, "pod/e"],
        [west.id, "pod/e"],
      ],
    );
    assert.equal(second.cursor, null);
  });

  test("has all jobs that one may read unless told otherwise", async () => {
    assert.equal((await (await filled()).get("api/v1/groups")).json.data.groups.length, 6);
  });

  for (const query of ["cursor=WyJhIl0", "limit=x", "provider=a"]) {
    test(`?${query} is 400`, async () => {
      assert.equal((await (await filled()).get(`api/v1/groups?${query}`)).statusCode, 400);
    });
  }
});

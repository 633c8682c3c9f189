import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { noSettings, type TokenSettings } from "../../../lib/config/settings.ts";
import { noLabelChanges } from "../../../lib/history/labels.ts";
import { createMemoryReaderMarks } from "../../../lib/readers/memory.ts";
import { createReaderRecorder } from "../../../lib/readers/recorder.ts";
import { createServe } from "../../../lib/serve/routes.ts";
import { changed } from "../../fakes/events.ts";
import { job } from "../../fakes/jobs.ts";
import { provider, status } from "../../fakes/providers.ts";
import { kubernetesConfig } from "../../fakes/sdconfigs.ts";
import { ruleOf } from "../relabel/rules.ts";
import { createServeParts, readWhole } from "./parts.ts";

const start = Date.parse("2026-11-22T12:00:00Z");
const id = "kubernetes/00000000000a";
const web1 = "pod/shop/web-1";

describe("GET /api/v1/explain", () => {
  test("tells why a pod is a target, who read it last, and what each rule did", async () => {
    const world = await setUp();
    await world.apply("127.0.0.1:8080");
    const list = await world.get(
      "sd/pods",
      { shard: "0", of: "1" },
      { "user-agent": "Prometheus/3.5.0 (x)" },
    );
    assert.equal(list.statusCode, 200);
    world.pass(5_000);
    const { answers } = (await world.get("api/v1/explain", { object: web1, job: "pods" })).json.data;
    assert.equal(answers.length, 1);
    const [answer] = answers;
    assert.equal(answer.verdict, "served");
    assert.equal(
      answer.sentence,
      "pod/shop/web-1 is served to job pods as 1 target; last read 5 seconds ago by 127.0.0.1 (Prometheus/3.5.0, shard 0 of 1).",
    );
    assert.deepEqual(
      answer.steps.map(({ step, ok }: { step: string; ok: boolean }) => [step, ok]),
      ["reachable", "allowed", "listed", "built", "relabelled", "guarded", "sharded", "served"].map(
        (step) => [step, true],
      ),
    );
    const [target] = answer.targets;
    assert.equal(target.reason, "served");
    assert.equal(target.discoveredLabels.__address__, "127.0.0.1:8080");
    assert.deepEqual(target.labels, { instance: "127.0.0.1:8080", job: "pods", team: "blue" });
    assert.deepEqual(target.rules, [
      {
        number: 1,
        rule: { separator: ";", regex: "(.*)", target_label: "team", replacement: "blue", action: "replace" },
        keep: true,
        before: { team: "shop" },
        after: { team: "blue" },
      },
    ]);
  });

  test("tells when a pod was removed, by whom", async () => {
    const world = await setUp();
    await world.apply("127.0.0.1:8080");
    world.pass(60_000);
    await world.apply();
    world.pass(120_000);
    const [answer] = (await world.get("api/v1/explain", { object: "shop/web-1", job: "pods" })).json.data
      .answers;
    assert.equal(answer.reason, "removed");
    assert.match(
      answer.sentence,
      /it was removed 2 minutes ago, at 2026-11-22T12:01:00\.000Z, when kubernetes\/0+a /,
    );
  });

  test("answers for every job that the token may read, and for no other", async () => {
    const token = {
      name: "fleet-a",
      sha256: sha256("secret-a"),
      jobs: ["pods"],
      clusters: ["*"],
      operate: false,
    };
    const world = await setUp([token]);
    await world.apply("127.0.0.1:8080");
    const login = { authorization: "Bearer secret-a" };
    const { answers } = (await world.get("api/v1/explain", { object: web1 }, login)).json.data;
    assert.deepEqual(
      answers.map((answer: { job: string }) => answer.job),
      ["pods"],
    );
    assert.equal((await world.get("api/v1/explain", { object: web1, job: "more" }, login)).statusCode, 404);
    assert.equal((await world.get("api/v1/explain", { object: web1 })).statusCode, 401);
    await world.get("sd/pods", {}, login);
    const [read] = (await world.get("api/v1/explain", { object: web1 }, login)).json.data.answers;
    assert.match(read.sentence, /last read 0 seconds ago by fleet-a\.$/);
  });

  const refused: [Record<string, string>, number, RegExp][] = [
    [{}, 400, /object is missing/],
    [{ object: "deployment/shop/web" }, 400, /no kind of object; there are: pod, /],
    [{ object: "{pod}" }, 400, /labels are such as/],
    [{ object: web1, shard: "2", of: "2" }, 400, /shard must be a whole number from 0 to 1/],
    [{ object: web1, shard: "0" }, 400, /shard and of go together/],
    [{ object: web1, pod: "x" }, 400, /the parameter pod is not known; there are: object, job, shard, of/],
    [{ object: web1, job: "nope" }, 404, /no such job: nope; there are: pods, more/],
  ];
  for (const [query, statusCode, error] of refused) {
    test(`refuses ${JSON.stringify(query)} with what is allowed`, async () => {
      const answer = await (await setUp()).get("api/v1/explain", query);
      assert.equal(answer.statusCode, statusCode);
      assert.match(answer.json.error, error);
    });
  }

  test("tells who took an address away, with its source or without", async () => {
    const world = await setUp();
    await world.apply("127.0.0.1:1", "127.0.0.1:2");
    world.pass(60_000);
    await world.apply("127.0.0.1:1");
    world.pass(60_000);
    await world.apply();
    world.pass(60_000);
    const sentence = async (object: string) => {
      const { json } = await world.get("api/v1/explain", { object });
      return json.data.answers.map((one: { sentence: string }) => one.sentence);
    };
    const removed = /^127\.0\.0\.1:1 .*: it was removed 1 minute ago, .* no longer found pod\/shop\/web-1;/;
    const gone = /^127\.0\.0\.1:2 .*: it went 2 minutes ago, .* found pod\/shop\/web-1 without it\.$/;
    for (const one of await sentence("127.0.0.1:1")) assert.match(one, removed);
    for (const one of await sentence("127.0.0.1:2")) assert.match(one, gone);
    for (const one of await sentence("127.0.0.1:3")) assert.match(one, /and history has no removal of it\.$/);
  });

  test("searches the last five hundred changes for an address, and says so", async () => {
    const world = await setUp();
    await world.apply("127.0.0.1:1");
    for (let index = 0; index < 501; index += 1) await world.apply(`127.0.0.2:${index + 1}`);
    const { json } = await world.get("api/v1/explain", { object: "127.0.0.1:1", job: "pods" });
    assert.match(json.data.answers[0].sentence, /none of the last 500 changes took it away/);
  });
});

describe("GET /sd/{job} leaves a mark", () => {
  const readersOf = async (path: string, query: Record<string, string>, headers: Record<string, string>) => {
    const world = await setUp();
    await world.get(path, query, headers);
    return world.marks.of("pods");
  };

  test("also when the reader has the list already", async () => {
    const world = await setUp();
    const tag = (await world.get("sd/pods")).headers.ETag ?? "";
    const again = await world.get("sd/pods", {}, { "if-none-match": tag, "user-agent": "vmagent" });
    assert.equal(again.statusCode, 304);
    assert.deepEqual((await world.marks.of("pods")).map(({ agent }) => agent).sort(), ["", "vmagent"]);
  });

  const silent: [string, string, Record<string, string>][] = [
    ["who asks for the past", "sd/pods", { at: "2026-11-22T11:59:00Z" }],
    ["whose question is refused", "sd/pods", { shards: "2" }],
    ["who asks for another route", "api/v1/explain", { object: web1 }],
  ];
  for (const [who, path, query] of silent) {
    test(`but not of one ${who}`, async () => assert.deepEqual(await readersOf(path, query, {}), []));
  }

  test("with as much of the User-Agent as names the program", async () => {
    const [mark] = await readersOf("sd/pods", {}, { "user-agent": `${"x".repeat(200)} <script>` });
    assert.equal(mark?.agent, "x".repeat(64));
  });
});

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");

const setUp = async (tokens: TokenSettings[] = []) => {
  let now = start;
  const clock = () => now;
  const { pool, log, parts } = createServeParts(clock);
  const marks = createMemoryReaderMarks(clock);
  const pods = provider({ id, config: kubernetesConfig(), jobs: ["pods", "more"] });
  await parts.statuses.put(
    status({ provider: id, lastAttempt: start, lastSuccess: start, every: 3_600_000 }),
  );
  await log.putTerms({ retention: noSettings.history.retention, since: start - 3_600_000 });
  const relabelConfigs = [ruleOf({ targetLabel: "team", replacement: "blue" })];
  const jobs = [{ ...job("pods"), relabelConfigs }, job("more")];
  const serve = createServe({
    plan: async () => ({
      hash: "h",
      providers: [pods],
      warnings: [],
      settings: { ...noSettings, tokens },
      configuration: { jobs },
    }),
    ...parts,
    readers: { marks, recorder: createReaderRecorder({ marks, clock, log: { warn: () => {} } }) },
  });
  let sequence = 0;
  return {
    marks,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    /** The pod with these addresses; without any it is gone. */
    apply: async (...addresses: string[]) => {
      sequence += 1;
      const event = changed({ source: web1, provider: id, sequence, addresses });
      const labels = {
        __meta_kubernetes_namespace: "shop",
        __meta_kubernetes_pod_name: "web-1",
        team: "shop",
      };
      const [before] = await pool.states([{ provider: id, source: web1 }]);
      const after = { hash: event.hash, removed: addresses.length === 0, targets: addresses.length };
      const { version } = event;
      const change = { provider: id, source: web1, at: now, version, before, after, labels: noLabelChanges };
      await log.append({ changes: [change], owners: [], retention: 3_600_000, now });
      await pool.replace(event, { ...event.group!, labels }, { of: before, keptUntil: now });
      await pool.bump(id);
    },
    get: async (path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) => {
      const answer = serve({
        httpMethod: "GET",
        path: `/${path}`,
        pathParameters: { path },
        headers: { host: "127.0.0.1:9095", ...headers },
        multiValueQueryStringParameters: Object.fromEntries(
          Object.entries(query).map(([name, value]) => [name, [value]]),
        ),
        requestContext: { identity: { sourceIp: "127.0.0.1" } },
      });
      return readWhole(await answer);
    },
  };
};

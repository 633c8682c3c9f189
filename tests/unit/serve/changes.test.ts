import assert from "node:assert/strict";
import { text as readText } from "node:stream/consumers";
import { describe, test } from "node:test";
import * as z from "zod";
import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import { createMemoryReloads } from "../../../lib/config/reload.ts";
import { noSettings } from "../../../lib/config/settings.ts";
import { createMemoryDeadLetterCount } from "../../../lib/deadletter/memory.ts";
import { type Access, loopbackAccess } from "../../../lib/door/access.ts";
import { createHistory } from "../../../lib/history/history.ts";
import { createMemoryHistory } from "../../../lib/history/memory.ts";
import { createRecorder } from "../../../lib/history/record.ts";
import { keepTerms } from "../../../lib/history/terms.ts";
import { createLists } from "../../../lib/httpsd/list.ts";
import { silentMeter } from "../../../lib/meter.ts";
import { createMemoryLag, createMemoryPool, createMemoryStatuses } from "../../../lib/pool/memory.ts";
import { createView } from "../../../lib/pool/view.ts";
import { changesRoute } from "../../../lib/serve/changes.ts";
import { sdRoute } from "../../../lib/serve/sd.ts";
import { changed } from "../../fakes/events.ts";
import { job } from "../../fakes/jobs.ts";
import { provider } from "../../fakes/providers.ts";

const start = Date.UTC(2026, 10, 22, 12);
const hour = 3_600_000;
const iso = (hours: number) => new Date(start + hours * hour).toISOString();

const pods = provider({ id: "kubernetes/0123456789ab", cluster: "one", jobs: ["pods", "more/pods"] });
const nodes = provider({ id: "kubernetes/ba9876543210", cluster: "two", jobs: ["nodes"] });

describe("GET /api/v1/changes", () => {
  test("tells who changed what and when, the newest first", async () => {
    const { get } = await setUp();
    const { status, data } = await get("changes", {});
    assert.equal(status, 200);
    assert.equal(data.earliest, iso(0));
    assert.equal(data.cursor, undefined);
    assert.deepEqual(data.changes, [
      {
        at: iso(3),
        provider: pods.id,
        cluster: "one",
        jobs: ["pods", "more/pods"],
        source: "pod/web",
        change: "removed",
        targetsBefore: 2,
        targetsAfter: 0,
        labels: { added: [], removed: [], changed: [] },
        version: { epoch: 1_790_000_000, sequence: 4 },
      },
      {
        at: iso(2),
        provider: pods.id,
        cluster: "one",
        jobs: ["pods", "more/pods"],
        source: "pod/web",
        change: "updated",
        targetsBefore: 1,
        targetsAfter: 2,
        labels: { added: [], removed: [], changed: ["__address__"] },
        version: { epoch: 1_790_000_000, sequence: 3 },
      },
      {
        at: iso(1.5),
        provider: nodes.id,
        cluster: "two",
        jobs: ["nodes"],
        source: "node/a",
        change: "added",
        targetsBefore: 0,
        targetsAfter: 1,
        labels: { added: [], removed: [], changed: [] },
        version: { epoch: 1_790_000_000, sequence: 2 },
      },
      {
        at: iso(1),
        provider: pods.id,
        cluster: "one",
        jobs: ["pods", "more/pods"],
        source: "pod/web",
        change: "added",
        targetsBefore: 0,
        targetsAfter: 1,
        labels: { added: [], removed: [], changed: [] },
        version: { epoch: 1_790_000_000, sequence: 1 },
      },
    ]);
  });

  test("narrows to a job, a source and a stretch of time", async () => {
    const { sequences } = await setUp();
    assert.deepEqual(await sequences({ job: "nodes" }), [2]);
    assert.deepEqual(await sequences({ job: "more/pods" }), [4, 3, 1]);
    assert.deepEqual(await sequences({ source: "node/a" }), [2]);
    assert.deepEqual(await sequences({ source: "node/b" }), []);
    assert.deepEqual(await sequences({ since: iso(1.5), until: iso(2) }), [3, 2]);
    assert.deepEqual(await sequences({ since: String(start / 1_000 + 1.5 * 3_600) }), [4, 3, 2]);
    assert.deepEqual(await sequences({ until: "2026-11-22T14:30:00+01:00" }), [2, 1]);
    assert.deepEqual(await sequences({ since: "0" }), [4, 3, 2, 1]);
  });

  test("goes on where the cursor says, for the same question only", async () => {
    const { get, sequences } = await setUp();
    // What a rebuild wrote anew counts for the limit, and is not shown.
    const first = await get("changes", { limit: "4" });
    const cursor = z.string().parse(first.data.cursor);
    assert.equal(first.data.changes.length, 3);
    assert.deepEqual(await sequences({ cursor }), [1]);
    for (const query of [
      { cursor, job: "pods" },
      { cursor: "x" },
      { cursor: cursor.slice(4) },
      { cursor: "" },
    ]) {
      const { status, error } = await get("changes", query);
      assert.deepEqual(
        [status, error],
        [400, "the cursor is none, or belongs to other parameters; begin again without it"],
      );
    }
  });

  test("shows only what the asker may see, and names no other job", async () => {
    const access = { ...loopbackAccess, readsJob: (name: string) => name === "nodes" };
    const { get, sequences } = await setUp({ access });
    assert.deepEqual(await sequences({}), [2]);
    const { status, error } = await get("changes", { job: "pods" });
    assert.deepEqual([status, error], [404, "no such job: pods; there are: nodes"]);
    const inOne = await setUp({ access: { ...loopbackAccess, readsCluster: (name) => name === "one" } });
    assert.deepEqual(await inOne.sequences({}), [4, 3, 1]);
  });

  test("tells of a provider that left the configuration, with the jobs that it had", async () => {
    const { get, sequences } = await setUp({ providers: [pods] });
    assert.deepEqual(await sequences({ job: "nodes" }), [2]);
    assert.deepEqual((await get("changes", { job: "nodes" })).data.changes[0]?.jobs, ["nodes"]);
  });

  for (const [query, message] of [
    [{ since: "yesterday" }, /^since must be a time as RFC 3339 .* or in Unix seconds/],
    [{ until: "2026-02-30T00:00:00Z" }, /^until must be a time/],
    [{ since: "" }, /^since must be a time/],
    [{ since: iso(2), until: iso(1) }, /^since lies after until$/],
    [{ limit: "0" }, /^limit must be a whole number from 1 to 500, not 0$/],
    [{ limit: "501" }, /^limit must be/],
    [
      { jobs: "pods" },
      /^the parameter jobs is not known .* there are: job, source, since, until, limit, cursor$/,
    ],
  ] as const)
    test(`refuses ${JSON.stringify(query)}`, async () => {
      const { status, error } = await (await setUp()).get("changes", { ...query });
      assert.equal(status, 400);
      assert.match(error, message);
    });

  test("says that there is no history when none is kept", async () => {
    const { get } = await setUp({ retention: 0 });
    for (const path of ["changes", "sd"] as const) {
      const { status, error } = await get(path, path === "sd" ? { at: iso(1) } : {});
      assert.deepEqual(
        [status, error],
        [404, "no history is kept: the settings say history: {retention: 0}"],
      );
    }
  });
});

describe("a job that got another name", () => {
  test("keeps its past, for its providers are what they were; the old name is none any more", async () => {
    const { get } = await setUp({ providers: [{ ...pods, jobs: ["renamed"] }, nodes] });
    const { data } = await get("changes", { job: "renamed" });
    assert.deepEqual(
      data.changes.map(({ version }) => version.sequence),
      [4, 3, 1],
    );
    assert.match((await get("sd", { at: iso(2) }, "renamed")).body, /127\.0\.0\.1:1/);
    assert.equal(
      (await get("changes", { job: "pods" })).error,
      "no such job: pods; there are: nodes, renamed",
    );
  });
});

describe("GET /sd/{job}?at=TIME", () => {
  test("is the list as it was", async () => {
    const { list } = await setUp();
    assert.deepEqual(await list(0.9), []);
    assert.deepEqual(await list(1), [["127.0.0.1:1"]]);
    assert.deepEqual(await list(2), [["127.0.0.1:1", "127.0.0.1:2"]]);
    assert.deepEqual(await list(3), []);
  });

  test("knows the jobs of providers that left the configuration", async () => {
    const { get } = await setUp({ providers: [pods] });
    assert.equal(
      (await get("sd", { at: iso(2) }, "nodes")).body,
      (await (await setUp()).get("sd", { at: iso(2) }, "nodes")).body,
    );
  });

  for (const [query, message] of [
    [{ at: iso(-1) }, `history begins at ${iso(0)}, after that time`],
    [{ at: iso(5) }, "that time has not come yet"],
    [{ at: iso(1), "match[]": "{}" }, "the parameter match[] is not known; there are: at, shard, of"],
  ] as const)
    test(`refuses ${JSON.stringify(query)}`, async () => {
      const { status, error } = await (await setUp()).get("sd", { ...query });
      assert.deepEqual([status, error], [400, message]);
    });

  test("falls into shards that have each target once", async () => {
    const { get } = await setUp();
    const shards = await Promise.all(
      ["0", "1", "2"].map((shard) => get("sd", { at: iso(2), shard, of: "3" })),
    );
    const addresses = shards.flatMap(({ body }) =>
      groups.parse(JSON.parse(body)).flatMap(({ targets }) => targets),
    );
    assert.deepEqual(addresses.sort(), ["127.0.0.1:1", "127.0.0.1:2"]);
  });

  test("is 413 naming shards when it would be cut on its way", async () => {
    const { get } = await setUp({ doorSpeed: 1, targets: 10_000 });
    const { status, error } = await get("sd", { at: iso(2) });
    assert.equal(status, 413);
    assert.match(
      error,
      /^job pods: the answer has \d+ MB or more and would not arrive within 25 s; .*&shard=0&of=4$/,
    );
    assert.equal((await get("sd", { at: iso(2), shard: "0", of: "4" })).status, 200);
  });

  test("says which jobs there are", async () => {
    const { status, error } = await (await setUp()).get("sd", { at: iso(1) }, "none");
    assert.deepEqual([status, error], [404, "no such job: none; there are: more/pods, nodes, pods"]);
  });
});

const answerSchema = z.object({
  error: z.string().default(""),
  data: z
    .object({
      changes: z.array(
        z.looseObject({ jobs: z.array(z.string()), version: z.looseObject({ sequence: z.number() }) }),
      ),
      cursor: z.string().optional(),
      earliest: z.string(),
    })
    .catch({ changes: [], earliest: "" }),
});

const groups = z.array(z.object({ targets: z.array(z.string()) }));

interface World {
  readonly access?: Access;
  readonly providers?: (typeof pods)[];
  readonly retention?: number;
  readonly doorSpeed?: number;
  /** How many the pod has from the second hour on. */
  readonly targets?: number;
}

const setUp = async ({
  access = loopbackAccess,
  providers = [pods, nodes],
  retention = 7 * 24 * hour,
  doorSpeed = 0,
  targets = 2,
}: World = {}) => {
  const clock = () => start + 4 * hour;
  const [pool, blobs, log] = [createMemoryPool(clock), createMemoryBlobs(clock), createMemoryHistory()];
  await keepTerms(log, retention, start);
  await fill(createRecorder({ pool, log, blobs, retention: async () => 7 * 24 * hour, clock }), targets);
  const parts = {
    statuses: createMemoryStatuses(),
    deadLetterCount: createMemoryDeadLetterCount(),
    lag: createMemoryLag(clock),
    reloads: createMemoryReloads(),
    lists: createLists(createView(pool, clock)),
    history: createHistory({ log, pool, blobs, clock }),
    blobs,
    meter: silentMeter,
    doorSpeed,
    clock,
  };
  const plan = {
    hash: "h",
    providers: providers
      .filter(({ cluster }) => access.readsCluster(cluster))
      .map((one) => ({ ...one, jobs: one.jobs.filter(access.readsJob) }))
      .filter(({ jobs }) => jobs.length > 0),
    warnings: [],
    settings: { ...noSettings, history: { retention } },
    configuration: { jobs: ["pods", "more/pods", "nodes"].map((name) => job(name)) },
  };
  const get = async (path: "changes" | "sd", query: Record<string, string>, rest = "pods") => {
    const route = path === "sd" ? sdRoute : changesRoute;
    const request = {
      method: "GET",
      path: "",
      query: new URLSearchParams(query),
      headers: {},
      peer: "127.0.0.1",
    };
    const answer = await route.answer({ request, plan, access, rest }, parts);
    const body = typeof answer.body === "string" ? answer.body : await readText(answer.body);
    const parsed = answerSchema.safeParse(JSON.parse(body));
    const { data, error } = parsed.data ?? {
      data: { changes: [], earliest: "", cursor: undefined },
      error: "",
    };
    return { status: answer.statusCode, body, data, error };
  };
  return {
    get,
    sequences: async (query: Record<string, string>) =>
      (await get("changes", query)).data.changes.map(({ version }) => version.sequence),
    list: async (hours: number) =>
      groups.parse(JSON.parse((await get("sd", { at: iso(hours) })).body)).map(({ targets }) => targets),
  };
};

const long = "h".repeat(1_000);

/** A pod that comes, grows and goes, and a node of another cluster, which a rebuild writes anew as it was. */
const fill = async (record: ReturnType<typeof createRecorder>, targets: number) => {
  const grown = Array.from(
    { length: targets },
    (_, index) => `${index < 2 ? "127.0.0.1" : long}:${index + 1}`,
  );
  const web = { source: "pod/web", provider: pods.id };
  const made = [
    { hours: 1, of: pods, ...web, sequence: 1, addresses: ["127.0.0.1:1"] },
    { hours: 1.5, of: nodes, source: "node/a", provider: nodes.id, sequence: 2 },
    { hours: 2, of: pods, ...web, sequence: 3, addresses: grown },
    { hours: 3, of: pods, ...web, sequence: 4, addresses: [] },
    { hours: 3.5, of: nodes, source: "node/a", provider: nodes.id, sequence: 5 },
  ];
  for (const { hours, of, ...change } of made) {
    const event = { ...changed(change), cluster: of.cluster, jobs: [...of.jobs], observedAt: iso(hours) };
    await record([{ event, group: event.group! }]);
  }
};

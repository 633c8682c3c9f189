import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as z from "zod";
import { loopbackAccess } from "../../../lib/door/access.ts";
import { iso, nodes, pods, setUp, start } from "./historyworld.ts";

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

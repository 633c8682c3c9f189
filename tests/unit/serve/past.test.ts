import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { groups, iso, pods, setUp } from "./historyworld.ts";

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

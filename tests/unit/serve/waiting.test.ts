import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createPolling } from "../../../lib/serve/polling.ts";
import { addresses, filled } from "./sdworld.ts";
import { east, groupOf } from "./world.ts";

describe("GET /sd/{job} for a reader that waits", () => {
  const waitingWorld = async (
    onPause: (world: Awaited<ReturnType<typeof filled>>, pauses: number) => Promise<void>,
  ) => {
    let time = 0;
    let pauses = 0;
    const pause = async () => {
      time += 250;
      pauses += 1;
      await onPause(world, pauses);
    };
    const polling = createPolling({ longest: 25_000, most: 10, pause, clock: () => time });
    const world = await filled({ parts: { polling } });
    return { ...world, pauses: () => pauses };
  };

  test("is answered at once when it has another list already", async () => {
    const world = await waitingWorld(async () => {});
    assert.equal((await world.get("sd/pods?after=old&wait=25s")).statusCode, 200);
    assert.equal(world.pauses(), 0);
  });

  test("is answered once the list changes, with what it asked for", async () => {
    const world = await waitingWorld(async ({ apply }, pauses) => {
      if (pauses === 3) await apply(east.id, groupOf("pod/e", [{ __address__: "e:1" }]));
    });
    const tag = (await world.get("sd/pods?relabel=true")).headers.ETag ?? "";
    const answer = await world.get(`sd/pods?relabel=true&after=${encodeURIComponent(tag)}&wait=20s`);
    assert.deepEqual(addresses(answer.json), ["a:1", "a:2", "d:1", "e:1"]);
    assert.equal(world.pauses(), 3);
  });

  for (const [wait, pauses] of [
    ["2s", 8],
    ["10m", 100],
    ["0", 0],
  ] as const) {
    test(`is told after ${wait}, but not after more than is allowed, that nothing changed`, async () => {
      const world = await waitingWorld(async () => {});
      const tag = (await world.get("sd/pods")).headers.ETag ?? "";
      const answer = await world.get(`sd/pods?after=${encodeURIComponent(tag)}&wait=${wait}`);
      assert.deepEqual([answer.statusCode, answer.body, answer.headers.ETag], [204, "", tag]);
      assert.equal(world.pauses(), pauses);
    });
  }

  for (const [query, expected] of [
    ["wait=2s", /wait goes with after/],
    ["after=x&wait=soon", /wait must be a duration such as 25s/],
    ["after=<x>", /after must be the ETag/],
  ] as const) {
    test(`?${query} is 400 with what is allowed`, async () => {
      const answer = await (await waitingWorld(async () => {})).get(`sd/pods?${query}`);
      assert.equal(answer.statusCode, 400);
      assert.match(answer.json.error, expected);
    });
  }
});

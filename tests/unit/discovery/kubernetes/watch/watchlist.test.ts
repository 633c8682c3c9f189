import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { cleanUp } from "../listing.ts";
import {
  putPod,
  type ReflectionOptions,
  reflecting,
  removePod,
  sameAsStored,
  seenBy,
  startServer,
  until,
} from "./reflection.ts";

afterEach(cleanUp);

const streaming: ReflectionOptions = { watchList: true };
const impatient = { openMilliseconds: 150, silenceMilliseconds: 150, initialMilliseconds: 50 };

describe("a list that is streamed", () => {
  test("is one watch, which goes on with what happens next", async () => {
    const server = await startServer({ behaviour: { watchList: true } });
    putPod(server, "a");
    putPod(server, "b");
    const reflection = await reflecting(server, streaming);
    assert.deepEqual(seenBy(reflection), { "shop/a": "10.0.0.1", "shop/b": "10.0.0.1" });
    removePod(server, "a");
    await sameAsStored(server, reflection);
    assert.deepEqual(reflection.heard, ["listed", "-shop/a"]);
    assert.deepEqual(
      server.requests.entries.map(({ kind }) => kind),
      ["watch"],
    );
    const { timeoutSeconds: _, ...query } = server.requests.entries[0]!.query;
    assert.deepEqual(query, {
      watch: "true",
      allowWatchBookmarks: "true",
      sendInitialEvents: "true",
      resourceVersionMatch: "NotOlderThan",
    });
  });

  test("is not streamed again when its watch breaks, but when its version is forgotten", async () => {
    const server = await startServer({ behaviour: { watchList: true } });
    putPod(server, "a");
    const reflection = await reflecting(server, streaming);
    const before = reflection.reflector.objects.get("shop/a");
    server.dropWatches();
    await until(() => server.requests.count("watch") === 2, "it watches again");
    assert.equal(server.requests.entries[1]!.query.resourceVersion, String(server.version()));
    server.faults.set({ on: "watch", times: 1, fault: { kind: "status", code: 410 } });
    server.dropWatches();
    await until(() => reflection.heard.length === 2, "it listed again");
    assert.deepEqual(reflection.heard, ["listed", "listed"]);
    assert.equal(server.requests.count("list"), 0);
    assert.equal(reflection.reflector.objects.get("shop/a"), before);
    assert.deepEqual(reflection.troubles, []);
  });

  test("does not forget a change between the initial events", async () => {
    const server = await startServer({ behaviour: { watchList: true } });
    putPod(server, "a");
    putPod(server, "b");
    const meta = { name: "ghost", namespace: "shop", resourceVersion: "1" };
    const text = ["ADDED", "DELETED"].map(
      (type) => `${JSON.stringify({ type, object: { metadata: meta } })}\n`,
    );
    server.faults.set({ on: "watch", fault: { kind: "inject", text: text.join("") } });
    const reflection = await reflecting(server, streaming);
    assert.deepEqual(seenBy(reflection), { "shop/a": "10.0.0.1", "shop/b": "10.0.0.1" });
  });
});

describe("a server that does not stream lists", () => {
  const cases = [
    ["refuses", async () => startServer()],
    ["takes no notice of the wish", async () => startServer({ behaviour: { watchList: "ignored" } })],
    [
      "takes no notice of it and is never silent",
      async () => startServer({ behaviour: { watchList: "ignored", bookmarkMilliseconds: 2 } }),
    ],
  ] as const;
  for (const [name, start] of cases) {
    test(`and ${name} is asked once, and then for lists`, async () => {
      const server = await start();
      putPod(server, "a");
      const reflection = await reflecting(server, { ...streaming, limits: impatient });
      server.faults.set({ on: "watch", times: 1, fault: { kind: "status", code: 410 } });
      server.dropWatches();
      await until(() => reflection.heard.length === 2, "it listed again");
      assert.equal(server.requests.count("list"), 2);
      const wishes = server.requests.entries.filter(({ query }) => query.sendInitialEvents === "true");
      assert.equal(wishes.length, 1);
      assert.deepEqual([reflection.troubles, reflection.pauses], [[], []]);
    });
  }

  test("and breaks the stream off is asked for a list at once", async () => {
    const server = await startServer({ behaviour: { watchList: true } });
    for (const pod of ["a", "b", "c"]) putPod(server, pod);
    server.faults.set({ on: "watch", times: 1, fault: { kind: "reset", bytes: 500 } });
    const reflection = await reflecting(server, streaming);
    await sameAsStored(server, reflection);
    assert.deepEqual(reflection.heard, ["listed"]);
    assert.deepEqual([reflection.troubles, reflection.pauses], [[], []]);
  });

  test("because it is busy is asked again later", async () => {
    const server = await startServer({ behaviour: { watchList: true } });
    server.faults.set({ on: "watch", times: 1, fault: { kind: "status", code: 429 } });
    const reflection = await reflecting(server, streaming).catch(() => undefined);
    assert.equal(reflection, undefined);
    await until(() => server.openWatches() === 1, "it watches");
    assert.equal(server.requests.count("list"), 0);
  });
});

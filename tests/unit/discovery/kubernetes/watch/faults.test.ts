import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { Fault } from "../../../../../local/demo/faults.ts";
import { cleanUp } from "../listing.ts";
import {
  podsPath,
  putPod,
  reflecting,
  reflectPods,
  removePod,
  sameAsStored,
  seenBy,
  startServer,
  until,
} from "./reflection.ts";

afterEach(cleanUp);

const limits = { openMilliseconds: 150, silenceMilliseconds: 150, initialMilliseconds: 150 };

describe("a watch that comes to its end goes on from where it was, and nobody hears of it, when it", () => {
  const cases: [name: string, fault: Fault][] = [
    ["is reset in mid-line", { kind: "reset", bytes: 700 }],
    ["is cut off in mid-line, the answer ending well", { kind: "truncate", bytes: 700 }],
    ["falls silent in mid-line", { kind: "stall", bytes: 700 }],
    ["falls silent from the start", { kind: "stall", bytes: 1 }],
  ];
  for (const [name, fault] of cases) {
    test(name, async () => {
      const server = await startServer();
      server.faults.set({ on: "watch", times: 1, fault });
      const reflection = await reflecting(server, { limits });
      for (const pod of ["a", "b", "c", "d"]) putPod(server, pod);
      removePod(server, "a");
      await sameAsStored(server, reflection);
      assert.equal(server.requests.count("list"), 1);
      assert.ok(server.requests.count("watch") >= 2);
      assert.deepEqual(reflection.troubles, []);
      assert.deepEqual(reflection.heard, ["listed", "+shop/a", "+shop/b", "+shop/c", "+shop/d", "-shop/a"]);
    });
  }

  test("is ended by the server after its time", async () => {
    const server = await startServer();
    const reflection = await reflecting(server, { relistMilliseconds: 1_000, clock: () => 0 });
    await until(() => server.requests.count("watch") === 2, "it watches again");
    assert.equal(server.requests.count("list"), 1);
    assert.deepEqual([reflection.troubles, reflection.pauses], [[], []]);
  });
});

describe("a server that ends every watch", () => {
  test("is not asked without end, and shows as trouble after a while", async () => {
    const server = await startServer({ behaviour: { bookmarkMilliseconds: 1 } });
    const fault = server.faults.set({ on: "watch", fault: { kind: "truncate", bytes: 0 } });
    const reflection = reflectPods(server);
    reflection.start();
    await until(() => reflection.pauses.length === 4, "it paused four times");
    assert.deepEqual(reflection.pauses.slice(0, 4), [375, 750, 1_500, 3_000]);
    assert.match(reflection.troubles[0]!, /^GET .*\/api\/v1\/pods: the server ended the watch/);
    fault.remove();
    await until(() => reflection.heard.includes("recovered"), "it recovered");
    assert.equal(server.requests.count("list"), 1);
  });
});

describe("a version that the server has forgotten", () => {
  for (const expired of ["status", "event"] as const) {
    test(`is followed by a new list at once when it is told by the ${expired}`, async () => {
      const server = await startServer({ behaviour: { expired } });
      putPod(server, "a");
      const reflection = await reflecting(server);
      server.faults.set({ on: "watch", times: 1, fault: { kind: "status", code: 503 } });
      server.dropWatches();
      putPod(server, "b");
      removePod(server, "a");
      server.compact();
      await sameAsStored(server, reflection);
      assert.equal(server.requests.count("list"), 2);
      assert.deepEqual(reflection.heard.slice(0, 2), ["listed", "listed"]);
    });
  }

  test("every time is asked for ever more seldom, and shows as trouble", async () => {
    const server = await startServer();
    server.faults.set({ on: "watch", fault: { kind: "status", code: 410 } });
    const reflection = reflectPods(server);
    reflection.start();
    await until(() => reflection.pauses.length === 3, "it paused three times");
    assert.deepEqual(reflection.pauses.slice(0, 3), [375, 750, 1_500]);
    assert.match(reflection.troubles[0]!, /410/);
  });

  test("between the pages of a list begins it anew", async () => {
    const server = await startServer();
    for (const pod of ["a", "b", "c"]) putPod(server, pod);
    server.faults.set({ times: 1, fault: { kind: "expireContinue", afterPage: 1 } });
    const reflection = await reflecting(server, { pageSize: 2 });
    await sameAsStored(server, reflection);
    assert.deepEqual(reflection.heard, ["listed"]);
    assert.equal(server.requests.count("list"), 2);
  });
});

describe("a server that is busy or broken", () => {
  test("is left alone for as long as it asks, and a little more", async () => {
    const server = await startServer();
    const reflection = await reflecting(server);
    const fault = { kind: "status", code: 429, retryAfterSeconds: 7 } as const;
    server.faults.set({ on: "watch", times: 1, fault });
    server.dropWatches();
    await until(() => reflection.heard.includes("recovered"), "it recovered");
    assert.deepEqual(reflection.pauses, [7_875]);
    assert.match(reflection.troubles[0]!, /^GET .*: 429 Too Many Requests/);
    assert.equal(server.requests.count("list"), 1);
  });

  test("is asked ever more seldom, up to every half minute", async () => {
    const server = await startServer();
    server.faults.set({ fault: { kind: "status", code: 500 } });
    const reflection = reflectPods(server);
    reflection.start();
    await until(() => reflection.pauses.length >= 9, "it paused nine times");
    assert.deepEqual(
      reflection.pauses.slice(0, 9),
      [375, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500],
    );
  });

  test("keeps what is in memory readable, until it answers again", async () => {
    const server = await startServer();
    putPod(server, "a");
    const reflection = await reflecting(server);
    server.faults.set({ fault: { kind: "status", code: 500, message: "etcd is away" } });
    server.dropWatches();
    await until(() => reflection.reflector.trouble() !== undefined, "trouble shows");
    await assert.rejects(reflection.reflector.current(), /500 Internal Server Error: etcd is away/);
    removePod(server, "a");
    assert.deepEqual(seenBy(reflection), { "shop/a": "10.0.0.1" });
    server.faults.clear();
    await until(() => reflection.heard.includes("recovered"), "it recovered");
    await sameAsStored(server, reflection);
    await reflection.reflector.current();
  });

  test("that does not answer a watch is given up", async () => {
    const server = await startServer();
    server.faults.set({ on: "watch", times: 1, fault: { kind: "stall", bytes: 0 } });
    const reflection = await reflecting(server, { limits });
    await until(() => reflection.troubles.length > 0 && server.openWatches() > 0, "it watches");
    assert.match(reflection.troubles[0]!, /pods: no answer within 150 ms/);
  });

  test("that is not there is told as such", async () => {
    const server = await startServer();
    const reflection = await reflecting(server);
    await server.close();
    await until(() => reflection.reflector.trouble() !== undefined, "trouble shows");
    assert.match(reflection.reflector.trouble()!.message, /ECONNREFUSED/);
    // So that it is not closed twice.
    server.close = async () => undefined;
  });

  test("that comes back after a while as another one, which counts from elsewhere, is listed anew", async () => {
    const server = await startServer();
    putPod(server, "a");
    const reflection = await reflecting(server);
    await server.close();
    server.close = async () => undefined;
    await until(() => reflection.pauses.length >= 3, "it is away for a while");
    const other = await startServer({ port: server.port, firstVersion: 1 });
    putPod(other, "b");
    await sameAsStored(other, reflection);
    assert.deepEqual(seenBy(reflection), { "shop/b": "10.0.0.1" });
  });

  test("that sends a list slowly is waited for", async () => {
    const server = await startServer();
    for (const pod of ["a", "b", "c"]) putPod(server, pod);
    server.faults.set({ on: "list", fault: { kind: "slow", bytes: 100, everyMilliseconds: 5 } });
    const reflection = await reflecting(server);
    await sameAsStored(server, reflection);
  });
});

describe("a watch that cannot be read is trouble, says where and why, and all is listed anew:", () => {
  const pod = (metadata: unknown, more = {}) =>
    JSON.stringify({ type: "ADDED", object: { kind: "Pod", apiVersion: "v1", metadata, ...more } });
  const cases: [name: string, line: string, reason: RegExp][] = [
    [
      "a line that is not JSON",
      '{"type":"ADDED","object":s3cret}',
      /cannot be read: a line is not valid JSON$/,
    ],
    ["a line that is no event", "[1]", /event: expected an object, got a list$/],
    [
      "an unknown type",
      '{"type":"MOVED","object":{"metadata":{"resourceVersion":"1"}}}',
      /type: .*got MOVED$/,
    ],
    ["an object without a version", pod({ name: "x" }), /metadata.resourceVersion: expected a version/],
    [
      "an object that cannot be decoded",
      pod({ name: "x", namespace: "shop", resourceVersion: "1" }, { spec: 7 }),
      /pods shop\/x: spec: expected an object, got a number$/,
    ],
    ["a line that is too long", `"${"x".repeat(9_000)}"`, /a line is longer than 8192 bytes$/],
    [
      "an error of the server",
      '{"type":"ERROR","object":{"kind":"Status","code":500,"reason":"InternalError","message":"no\\netcd"}}',
      /the watch failed: 500 InternalError: no etcd$/,
    ],
  ];
  for (const [name, line, reason] of cases) {
    test(name, async () => {
      const server = await startServer();
      server.faults.set({ on: "watch", times: 1, fault: { kind: "inject", text: `${line}\n` } });
      const reflection = reflectPods(server, { limits: { lineBytes: 8_192 } });
      reflection.start();
      await until(() => reflection.heard.length === 3, "it recovered");
      assert.deepEqual(reflection.heard, ["listed", "listed", "recovered"]);
      assert.deepEqual(reflection.pauses, [375]);
      assert.match(reflection.troubles[0]!, reason);
      assert.ok(reflection.troubles[0]!.startsWith(`GET ${server.url}${podsPath}: `));
    });
  }

  test("a page for people", async () => {
    const server = await startServer();
    server.faults.set({ on: "watch", times: 1, fault: { kind: "html", code: 200 } });
    const reflection = reflectPods(server);
    reflection.start();
    await until(() => reflection.heard.length === 3, "it recovered");
    assert.deepEqual(reflection.troubles, [
      `GET ${server.url}${podsPath}: expected a JSON watch, got text/html`,
    ]);
    assert.equal(server.requests.count("list"), 2);
  });

  test("an error event that asks for time gets it", async () => {
    const server = await startServer();
    const status = { code: 429, reason: "TooManyRequests", message: "m", details: { retryAfterSeconds: 8 } };
    const text = `${JSON.stringify({ type: "ERROR", object: status })}\n`;
    server.faults.set({ on: "watch", times: 1, fault: { kind: "inject", text } });
    const reflection = reflectPods(server);
    reflection.start();
    await until(() => reflection.pauses.length > 0, "it paused");
    assert.deepEqual(reflection.pauses, [9_000]);
  });
});

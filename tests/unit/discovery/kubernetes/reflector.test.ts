import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { createReflector } from "../../../../lib/discovery/kubernetes/reflector.ts";
import { replicaSets } from "../../../../lib/discovery/kubernetes/resources.ts";
import { cleanUp, cleanups } from "./listing.ts";
import {
  notingHeaders,
  putPod,
  reflecting,
  reflectPods,
  removePod,
  sameAsStored,
  seenBy,
  startServer,
  until,
} from "./watch/reflection.ts";

afterEach(cleanUp);

describe("a reflector", () => {
  test("lists, then watches from the list's version, and tells each change once it holds it", async () => {
    const server = await startServer();
    putPod(server, "a");
    const listedAt = server.version();
    const reflection = await reflecting(server);
    putPod(server, "b");
    putPod(server, "a", "10.0.0.2");
    removePod(server, "b");
    await until(() => reflection.heard.length === 4, "all was heard");
    assert.deepEqual(reflection.heard, ["listed", "+shop/b", "~shop/a", "-shop/b"]);
    assert.deepEqual(seenBy(reflection), { "shop/a": "10.0.0.2" });
    const [, modified] = reflection.changes;
    assert.deepEqual([modified?.before?.ip, modified?.after?.ip], ["10.0.0.1", "10.0.0.2"]);
    const watch = server.requests.entries.find(({ kind }) => kind === "watch");
    const { timeoutSeconds, ...query } = watch!.query;
    assert.deepEqual(query, {
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: String(listedAt),
    });
    assert.equal(timeoutSeconds, "450");
    assert.equal(reflection.reflector.trouble(), undefined);
  });

  test("is narrowed to a namespace and by selectors", async () => {
    const server = await startServer();
    const reflection = reflectPods(server, { namespace: "shop", selector: { label: "a=b", field: "" } });
    reflection.start();
    await until(() => server.openWatches("/api/v1/namespaces/shop/pods") === 1, "the watch is open");
    for (const { query } of server.requests.entries) assert.equal(query.labelSelector, "a=b");
  });

  test("goes on from the version of the last bookmark", async () => {
    const server = await startServer({ behaviour: { bookmarkMilliseconds: 5 } });
    await reflecting(server);
    server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "moves-the-version" } });
    const versions = () => server.requests.entries.map(({ query }) => query.resourceVersion);
    let lastDrop = Date.now();
    await until(() => {
      // Each watch lives long enough for a few bookmarks.
      if (Date.now() - lastDrop > 30) {
        lastDrop = Date.now();
        server.dropWatches();
      }
      return versions().includes(String(server.version()));
    }, "a watch begins at the bookmark");
    assert.equal(server.requests.count("list"), 1);
  });

  test("asks for watches uncompressed, and of metadata only where that is enough", async () => {
    const server = await startServer();
    const headers: Readonly<Record<string, string>>[] = [];
    const reflector = createReflector({
      resource: replicaSets,
      namespace: "",
      selector: { label: "", field: "" },
      watchList: false,
      client: () => notingHeaders(server.url, headers),
      clock: Date.now,
      random: Math.random,
      wait: async () => undefined,
    });
    cleanups.push(() => reflector.stop());
    reflector.start({ listed: () => undefined, changed: () => undefined, recovered: () => undefined });
    await until(() => headers.length === 2, "the watch was asked for");
    assert.equal(headers[1]!["accept-encoding"], "identity");
    assert.match(headers[1]!.accept!, /as=PartialObjectMetadata;.*,application\/json;q=/);
  });

  test("keeps what did not change the same object over a new list, and drops what is gone", async () => {
    const server = await startServer({ behaviour: { expired: "status" } });
    for (const name of ["a", "b", "c"]) putPod(server, name);
    const reflection = await reflecting(server);
    const before = reflection.reflector.objects.get("shop/a");
    // So that it does not hear of the changes before the list.
    server.faults.set({ on: "watch", fault: { kind: "status", code: 410 } });
    server.dropWatches();
    removePod(server, "b");
    putPod(server, "c", "10.0.0.3");
    await sameAsStored(server, reflection);
    assert.equal(reflection.reflector.objects.get("shop/a"), before);
    assert.deepEqual(new Set(reflection.heard), new Set(["listed"]));
  });

  test("takes what is there for good only while nothing is wrong", async () => {
    const server = await startServer();
    server.faults.forbid("pods", "");
    const reflection = reflectPods(server);
    reflection.start();
    await assert.rejects(
      reflection.reflector.current(),
      /GET .*\/api\/v1\/pods: 403 Forbidden: pods is forb/,
    );
    server.faults.clear();
    await until(() => reflection.heard.length === 2, "it recovered");
    await reflection.reflector.current();
    assert.deepEqual(reflection.heard, ["listed", "recovered"]);
  });

  test("lists anew when its list is an hour old, and goes on watching if that fails", async () => {
    const server = await startServer();
    let now = Date.now();
    const reflection = await reflecting(server, { clock: () => now });
    now += 3_600_000;
    const fault = server.faults.set({ on: "list", fault: { kind: "status", code: 500 } });
    server.dropWatches();
    await until(() => fault.hits() === 1 && server.openWatches() === 1, "it watches all the same");
    putPod(server, "a");
    await sameAsStored(server, reflection);
    assert.deepEqual(reflection.troubles, []);
    fault.remove();
    now += 5 * 60_000;
    server.dropWatches();
    await until(() => reflection.heard.includes("listed", 1), "it was listed anew");
  });

  test("asks for watches that end when the next list is due", async () => {
    const server = await startServer();
    await reflecting(server, { relistMilliseconds: 20_000 });
    const watch = server.requests.entries.find(({ kind }) => kind === "watch");
    assert.ok(Number(watch!.query.timeoutSeconds) <= 20);
  });
});

describe("a reflector that was stopped", () => {
  test("holds what it had, hears nothing, and goes on without a list", async () => {
    const server = await startServer();
    putPod(server, "a");
    const reflection = await reflecting(server);
    await reflection.reflector.stop();
    await until(() => server.openWatches() === 0, "the watch is closed");
    assert.deepEqual(seenBy(reflection), { "shop/a": "10.0.0.1" });
    putPod(server, "b");
    reflection.start();
    await reflection.reflector.current();
    await sameAsStored(server, reflection);
    assert.deepEqual(reflection.heard, ["listed", "+shop/b"]);
    assert.equal(server.requests.count("list"), 1);
  });

  test("more than a minute ago lists anew before it is current", async () => {
    const server = await startServer();
    let now = Date.now();
    const reflection = await reflecting(server, { clock: () => now });
    await reflection.reflector.stop();
    putPod(server, "b");
    now += 61_000;
    reflection.start();
    await reflection.reflector.current();
    assert.deepEqual(reflection.heard, ["listed", "listed"]);
    assert.ok(reflection.reflector.objects.has("shop/b"));
  });

  test("does not leave anybody waiting", async () => {
    const server = await startServer();
    server.faults.set({ fault: { kind: "stall", bytes: 0 } });
    const reflection = reflectPods(server);
    reflection.start();
    const waiting = reflection.reflector.current();
    await Promise.all([
      assert.rejects(waiting, { message: "stopped before everything was listed" }),
      reflection.reflector.stop(),
    ]);
  });

  test("while it waits for its next attempt stops at once", async () => {
    const server = await startServer();
    server.faults.forbid("pods", "");
    const never = (_: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const reflection = reflectPods(server, { wait: never });
    reflection.start();
    await assert.rejects(reflection.reflector.current());
    await reflection.reflector.stop();
  });
});

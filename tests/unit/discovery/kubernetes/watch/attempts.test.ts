import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { cleanUp, clientOf } from "../listing.ts";
import { podsPath, putPod, reflecting, reflectPods, seenBy, startServer, until } from "./reflection.ts";

afterEach(cleanUp);

describe("a reflector's listener that throws", () => {
  test("shows as trouble, and everything is listed anew", async () => {
    const server = await startServer();
    let throws = 1;
    const hear = (what: string) => {
      if (what === "+shop/a" && throws-- > 0) throw new Error("no room");
    };
    const reflection = await reflecting(server, { hear });
    putPod(server, "a");
    await until(() => reflection.heard.length === 3, "it recovered");
    assert.deepEqual(reflection.heard, ["listed", "listed", "recovered"]);
    assert.deepEqual(reflection.troubles, ["a change could not be passed on: no room"]);
    assert.deepEqual(seenBy(reflection), { "shop/a": "10.0.0.1" });
  });

  test("while it is told of a list or a recovery is treated the same", async () => {
    const server = await startServer();
    const toThrow = ["listed", "recovered"];
    const hear = (what: string) => {
      if (what !== toThrow[0]) return;
      toThrow.shift();
      throw new Error(`no ${what}`);
    };
    const reflection = reflectPods(server, { hear });
    reflection.start();
    await until(() => reflection.heard.includes("recovered"), "it recovered");
    assert.deepEqual(reflection.troubles, [
      "a change could not be passed on: no listed",
      "a change could not be passed on: no recovered",
    ]);
    assert.equal(server.requests.count("list"), 3);
  });
});

describe("a reflector's client", () => {
  test("is given for each attempt, and closed after it", async () => {
    const server = await startServer();
    let open = 0;
    let given = 0;
    await reflecting(server, {
      client: async () => {
        const { server: url, transport } = await clientOf(server.url);
        open++;
        given++;
        return { server: url, transport: { open: transport.open, close: () => void open-- } };
      },
    });
    server.dropWatches();
    await until(() => given === 2 && server.openWatches() === 1, "it watches again");
    assert.equal(open, 1);
  });

  test("that cannot be had is trouble", async () => {
    const server = await startServer();
    const reflection = reflectPods(server, {
      client: () => Promise.reject(new Error("the kubeconfig cannot be read")),
    });
    reflection.start();
    await assert.rejects(reflection.reflector.current(), { message: "the kubeconfig cannot be read" });
  });

  test("is wanted fresh at once after its credentials were refused, and only then they are trouble", async () => {
    const server = await startServer();
    const wanted: boolean[] = [];
    const reflection = await reflecting(server, {
      client: ({ fresh }) => {
        wanted.push(fresh);
        return clientOf(server.url);
      },
    });
    server.faults.set({ on: "watch", times: 1, fault: { kind: "status", code: 401 } });
    server.dropWatches();
    await until(() => server.openWatches() === 1 && wanted.length === 3, "it watches again");
    assert.deepEqual(wanted, [false, false, true]);
    assert.deepEqual(reflection.troubles, []);
    assert.equal(server.requests.count("list", podsPath), 1);
    server.faults.set({ on: "watch", times: 2, fault: { kind: "status", code: 401 } });
    server.dropWatches();
    await until(() => reflection.heard.includes("recovered"), "it recovered");
    assert.match(reflection.troubles[0]!, /401 Unauthorized/);
  });
});

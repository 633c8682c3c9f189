import assert from "node:assert/strict";
import { once } from "node:events";
import { afterEach, describe, test } from "node:test";
import { createHosting } from "../../../lib/adapter/hosted.ts";
import type { OpenedAdapter } from "../../../lib/adapter/open.ts";
import type { AdapterSettings } from "../../../lib/config/adapters.ts";
import { defaultHttpClient } from "../../../lib/config/http-client.ts";
import { ownReach } from "../../../lib/discovery/reach.ts";
import { createLog } from "../../../lib/log.ts";
import { type Answered, startApiServer } from "./objects/apiserver.ts";
import { ask, world } from "./world.ts";

const stops: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** An adapter of a cluster that knows one token and allows nobody anything. */
const start = async () => {
  const server = await startApiServer((path, document): Answered => {
    if (path.endsWith("tokenreviews")) {
      const isKnown = Object(document).spec.token === "good";
      const status = isKnown ? { authenticated: true, user: { username: "bot" } } : {};
      return { status: 201, body: { kind: "TokenReview", status } };
    }
    if (path.endsWith("subjectaccessreviews"))
      return { status: 201, body: { kind: "SubjectAccessReview", status: { allowed: false } } };
    return { body: { kind: "ConfigMap", data: {} } };
  });
  stops.push(server.stop);
  const ending = new AbortController();
  stops.push(() => ending.abort());
  const { provider, mapper } = world().parts;
  const access = { kind: "api-server", url: server.url, httpClient: defaultHttpClient } as const;
  const settings = { cluster: "prod", access } as AdapterSettings;
  const adapter: OpenedAdapter = { settings, provider, mapper, ended: ending.signal };
  const lines: string[] = [];
  const log = createLog({ level: "info", write: (line) => lines.push(JSON.parse(line).reason) });
  const parts = createHosting({ reach: ownReach, allowsAnonymous: true, clock: server.clock, log })(adapter);
  const status = async (path: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await ask(parts, path, { headers })).status;
  };
  return { ...server, status, lines, ending };
};

const times = async (count: number, one: (at: number) => Promise<number>) => {
  const statuses: number[] = [];
  for (let at = 0; at < count; at++) statuses.push(await one(at));
  return Object.fromEntries(
    [...new Set(statuses)].map((status) => [status, statuses.filter((x) => x === status).length]),
  );
};

describe("a cluster", () => {
  test("is not asked about a stranger's every path, and meanwhile answers for its users", async () => {
    const { status, asked, later } = await start();
    assert.equal(await status("/apis", "good"), 403);
    // Of the hundred the token's review was one.
    assert.deepEqual(await times(150, (at) => status(`/x/${at}`)), { 403: 99, 429: 51 });
    assert.equal(asked.filter(({ path }) => path.endsWith("subjectaccessreviews")).length, 100);
    assert.equal(await status("/other", "good"), 403);
    later(1000);
    assert.deepEqual(await times(60, (at) => status(`/y/${at}`)), { 403: 50, 429: 10 });
  });

  test("is not asked about every token, and why nobody is believed is told once a minute", async () => {
    const { status, asked, lines } = await start();
    assert.deepEqual(await times(150, (at) => status("/apis", `t${at}`)), { 401: 100, 429: 50 });
    assert.equal(asked.filter(({ path }) => path.endsWith("tokenreviews")).length, 100);
    assert.deepEqual(lines, ["the token is nobody's"]);
  });

  test("is let go when its adapter has ended, and not before those who ask have an answer", {
    timeout: 10_000,
  }, async (t) => {
    const { status, ending, sockets } = await start();
    assert.equal(await status("/apis"), 403);
    const closed = [...sockets].map((socket) => once(socket, "close"));
    assert.ok(closed.length > 0);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    ending.abort();
    await turns();
    t.mock.timers.tick(29_999);
    await turns();
    assert.equal(sockets.size, closed.length);
    t.mock.timers.tick(1);
    await Promise.all(closed);
  });
});

/** Enough for a connection's end to be seen on its other side. */
const turns = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
};

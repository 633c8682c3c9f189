import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { operations } from "../../docs/openapi/routes.ts";
import { createPolling } from "../../lib/serve/polling.ts";
import { createDescribed } from "./described.ts";
import { type Asked, type DoorOptions, makeToken, pods, startDoor } from "./door.ts";

const { hold, operationFor, unseen } = createDescribed(operations);

const hostile = encodeURIComponent('{note=~"(?:a|b)*a(?:a|b){90}"}');
const zeros = "0".repeat(64);

/** What is asked of a door without tokens, and what comes. */
const questions: readonly (readonly [number, string, Asked?])[] = [
  [200, "/sd/pods"],
  [200, "/sd/a%2Fb%20100%25"],
  [
    200,
    `/sd/pods?cluster=east&match[]=${encodeURIComponent('{__meta_kubernetes_namespace="shop"}')}&shard=0&of=1&relabel=true`,
  ],
  [200, `/sd/pods?at=${Date.now() / 1000}`],
  [200, "/sd/pods", { headers: { "X-Prometheus-Refresh-Interval-Seconds": "60" } }],
  [400, "/sd/pods?shard=7&of=3"],
  [404, "/sd/none"],
  [404, `/sd/none?at=${Date.now() / 1000}`],
  [503, "/sd/empty"],
  [200, `/api/v1/claims/${pods.id}/${zeros}`],
  [404, `/api/v1/claims/${pods.id}/${"1".repeat(64)}`],
  [200, "/api/v1/providers"],
  [200, "/api/v1/targets"],
  [
    200,
    "/api/v1/targets?state=active&scrapePool=pods",
    { headers: { "X-Prometheus-Refresh-Interval-Seconds": "60" } },
  ],
  [200, "/api/v1/targets?state=dropped"],
  [
    200,
    `/api/v1/targets/relabel_steps?scrapePool=pods&labels=${encodeURIComponent('{"__address__":"a:1"}')}`,
  ],
  [400, "/api/v1/targets/relabel_steps?scrapePool=none&labels={}"],
  [200, "/api/v1/scrape_pools"],
  [200, "/api/v1/scrape_pools/config?scrapePool=pods"],
  [400, "/api/v1/scrape_pools/config"],
  [
    200,
    `/api/v1/search?job=pods&cluster=east&match[]=${encodeURIComponent('{job="pods"}')}&q=web&state=any&limit=10`,
  ],
  [200, "/api/v1/search?limit=2"],
  [200, "/api/v1/search?limit=2&compact=true"],
  [400, "/api/v1/search?cursor=x"],
  [404, "/api/v1/search?job=none"],
  [200, "/api/v1/groups?job=pods&limit=2"],
  [400, "/api/v1/groups?cursor=x"],
  [404, "/api/v1/groups?job=none"],
  [200, "/api/v1/changes?job=pods&source=pod/shop/gone&since=0&until=4102444800&limit=1"],
  [200, "/api/v1/changes"],
  [400, "/api/v1/changes?cursor=x"],
  [404, "/api/v1/changes?job=none"],
  ...["pod/shop/web-1", "web-2", "web-3", "gone", "10.0.0.1:80", '{job="pods"}', "pod/shop/none"].map(
    (object) => [200, `/api/v1/explain?object=${encodeURIComponent(object)}&job=pods&of=2`] as const,
  ),
  [200, "/api/v1/explain?object=pod/shop/web-1&shard=0&of=2"],
  [400, "/api/v1/explain"],
  [404, "/api/v1/explain?object=a&job=none"],
  [200, "/api/v1/openapi.json"],
  [200, "/metrics"],
  [200, "/"],
  [200, "/", { headers: { Accept: "text/html" } }],
  [200, "/page/app-1.js"],
  [404, "/page/none.js"],
  [200, "/-/healthy"],
  [200, "/-/ready"],
  [200, "/-/reload", { method: "POST" }],
  [202, "/api/v1/rebuild?all=true", { method: "POST" }],
  [202, `/api/v1/rebuild?provider=${pods.id}`, { method: "POST" }],
  [404, "/api/v1/rebuild?cluster=none", { method: "POST" }],
  [400, "/api/v1/rebuild", { method: "POST" }],
  [200, `/api/v1/providers/${pods.id}/guard/release`, { method: "POST" }],
  [404, "/api/v1/providers/kubernetes/00000000000f/guard/release", { method: "POST" }],
  [409, "/api/v1/providers/http/00000000000c/guard/release", { method: "POST" }],
];

describe("what the server answers is what the document says", () => {
  const check = async (
    door: Awaited<ReturnType<typeof startDoor>>,
    expected: number,
    target: string,
    asked: Asked = {},
  ) => {
    const exchange = await door.ask(target, asked);
    hold(target, asked, exchange);
    assert.equal(exchange.status, expected, `${target}: ${exchange.body.slice(0, 300)}`);
    return exchange;
  };

  test("to plain questions, good and bad", async (context) => {
    const door = await startDoor(context);
    for (const [expected, target, asked] of questions) await check(door, expected, target, asked);
  });

  test("to a reader that pages, waits, or has it already", async (context) => {
    const polling = createPolling({ longest: 1, most: 10, pause: async () => {}, clock: Date.now });
    const door = await startDoor(context, { parts: { polling } });
    for (const path of ["/api/v1/search", "/api/v1/groups", "/api/v1/changes"]) {
      const { data } = JSON.parse((await check(door, 200, `${path}?limit=2`)).body);
      await check(door, 200, `${path}?limit=2&cursor=${data.cursor}`);
    }
    for (const path of [
      "/sd/pods",
      "/api/v1/targets",
      "/api/v1/search",
      "/api/v1/openapi.json",
      "/page/app-1.js",
    ]) {
      const { headers } = await check(door, 200, path);
      await check(door, 304, path, { headers: { "If-None-Match": String(headers.etag) } });
    }
    const tag = encodeURIComponent((await check(door, 200, "/sd/pods")).headers.etag ?? "");
    await check(door, 204, `/sd/pods?after=${tag}&wait=1ms`);
    const full = await startDoor(context, { parts: { polling: { longest: 1, wait: async () => "full" } } });
    await check(full, 429, `/sd/pods?after=${tag}&wait=1ms`);
  });

  test("where it would be too much", async (context) => {
    const door = await startDoor(context, { parts: { doorSpeed: 1 } });
    const note = "ab".repeat(3_500_000);
    await door.apply(pods.id, {
      source: "pod/shop/big",
      labels: { note },
      targets: [{ __address__: "big:1" }],
    });
    for (const target of ["/sd/pods", `/sd/pods?at=${door.clock() / 1000}`, "/api/v1/targets"])
      await check(door, 413, target);
    for (const target of [
      `/sd/pods?match[]=${hostile}`,
      `/api/v1/search?match[]=${hostile}`,
      `/api/v1/explain?object=${hostile}`,
    ])
      await check(door, 422, target);
    const forgetful = await startDoor(context, { retention: 0 });
    for (const target of ["/api/v1/changes", "/sd/pods?at=0"]) await check(forgetful, 404, target);
  });

  test("to whom it does not let in", async (context) => {
    const reader = makeToken();
    const operator = makeToken({ name: "oncall", operate: true });
    const door = await startDoor(context, { tokens: [reader.settings, operator.settings] });
    const open = await startDoor(context);
    for (const [expected, target, asked = {}] of firstOfEach()) {
      if (operationFor(asked.method ?? "GET", target).isOpen) continue;
      await check(door, 401, target, asked);
      await check(open, 403, target, { ...asked, headers: { ...asked.headers, host: "evil.example" } });
      if (asked.method !== "POST") continue;
      await check(door, 403, target, { ...asked, headers: reader.bearer });
      const basic = `Basic ${Buffer.from(`oncall:${operator.secret}`).toString("base64")}`;
      await check(door, 403, target, { ...asked, headers: { authorization: basic } });
      await check(door, expected, target, {
        ...asked,
        headers: { authorization: basic, "X-Rollcall-Operate": "1" },
      });
    }
  });

  test("before a configuration was accepted, and when one is refused", async (context) => {
    const refused: DoorOptions = {
      isUnconfigured: true,
      reload: { outcome: "kept", reason: "broken", fault: "refused" },
    };
    const door = await startDoor(context, refused);
    for (const [, target, asked = {}] of firstOfEach()) {
      const { answers } = operationFor(asked.method ?? "GET", target);
      if (503 in answers && !target.startsWith("/page/")) await check(door, 503, target, asked);
    }
    await check(door, 503, "/page/none.js");
    await check(door, 500, "/-/reload", { method: "POST" });
  });

  after(() => assert.deepEqual(unseen(), [], "in the document, but never seen"));
});

/** One question for each operation. */
const firstOfEach = () => {
  const first = new Map<unknown, (typeof questions)[number]>();
  for (const one of questions) {
    const operation = operationFor(one[2]?.method ?? "GET", one[1]);
    if (!first.has(operation)) first.set(operation, one);
  }
  return [...first.values()];
};

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { openApiDocument } from "../../docs/openapi/document.ts";
import { operations } from "../../docs/openapi/routes.ts";
import { createPolling } from "../../lib/serve/polling.ts";
import { servedPaths } from "../../lib/serve/routes.ts";
import {
  type Asked,
  type DoorOptions,
  type Exchange,
  makeToken,
  pods,
  startDoor,
  templateRoutes,
} from "./door.ts";

const file = new URL("../../docs/openapi/openapi.json", import.meta.url);
const document: ReturnType<typeof openApiDocument> = JSON.parse(readFileSync(file, "utf8"));

describe("the OpenAPI document", () => {
  test("is what the code says (npm run schemas writes it)", () => {
    assert.deepEqual(document, JSON.parse(JSON.stringify(openApiDocument())));
  });

  test("is one, by the schema of OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, "3.1");
  });

  test("has every route of the router and of the template, and no other", () => {
    const served = servedPaths.map((path) => `get /${path}`);
    const told = operations
      .filter(({ method }) => method === "get")
      .map(({ path }) => `get ${rootOf(path, served)}`);
    assert.deepEqual(told.sort(), served.sort());
    const posted = templateRoutes()
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} /${path}`);
    const toldPosts = operations.filter(({ method }) => method === "post").map(({ path }) => `POST ${path}`);
    assert.deepEqual(toldPosts.sort(), posted.sort());
  });
});

/** A route that stands for all below ends before the first parameter. */
const rootOf = (path: string, served: readonly string[]) =>
  served.find((one) => one.endsWith("/") && one !== "get /" && `get ${path}`.startsWith(one))?.slice(4) ??
  path;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

/** The document's schemas, but closed: in a test a member that it does not know is a mistake. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const isOpen = "properties" in schema && !("additionalProperties" in schema);
  return { ...Object.fromEntries(entries), ...(isOpen && { additionalProperties: false }) };
};

const schemaFor = (content: { schema?: { $ref?: string } }) =>
  content.schema?.$ref === undefined ? content.schema : document.components.schemas.Failure;

/** What the answers of this file were seen to be, and which parameters were given. */
const seen = new Set<string>();

const operationFor = (method: string, target: string) => {
  const path = target.replace(/\?.*$/s, "");
  const fits = (template: string) =>
    new RegExp(`^${template.replace("{job}", ".+").replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
  const found = operations.find((one) => one.method === method.toLowerCase() && fits(one.path));
  assert.ok(found, `${method} ${path} is not in the document`);
  return found;
};

/** Throws where an answer is not what the document says. */
const hold = (target: string, asked: Asked, exchange: Exchange) => {
  const method = asked.method ?? "GET";
  const operation = operationFor(method, target);
  const place = `${operation.method} ${operation.path}`;
  const about = `${place} ${target} ${exchange.status}: ${exchange.body.slice(0, 300)}`;
  const described = operation.answers[exchange.status];
  assert.ok(described, `status not in the document: ${about}`);
  seen.add(`${place} ${exchange.status}`);
  const names = [
    ...new URLSearchParams(/\?(.*)$/s.exec(target)?.[1] ?? "").keys(),
    ...Object.keys(asked.headers ?? {}),
  ];
  for (const name of names) seen.add(`${place} ?${name.toLowerCase()}`);
  for (const { name } of operation.parameters.filter((one) => one.in === "path"))
    seen.add(`${place} ?${name}`);
  securityHeaders(exchange, about);
  if (described.content === undefined) return assert.equal(exchange.body, "", about);
  const type = exchange.headers["content-type"]?.split(";")[0] ?? "";
  const responses = document.paths[operation.path]?.[operation.method]?.responses[exchange.status];
  const content = responses !== undefined && "content" in responses ? responses.content?.[type] : undefined;
  assert.ok(content, `media type ${type} not in the document: ${about}`);
  const schema = schemaFor(content);
  if (schema === undefined) return;
  const validate = ajv.compile(closed(schema) as object);
  assert.ok(validate(JSON.parse(exchange.body)), `${about}\n${JSON.stringify(validate.errors)}`);
};

const securityHeaders = ({ headers }: Exchange, about: string) => {
  assert.equal(headers["x-content-type-options"], "nosniff", about);
  assert.equal(headers["x-frame-options"], "DENY", about);
  assert.equal(headers["referrer-policy"], "no-referrer", about);
  assert.match(
    String(headers["content-security-policy"]),
    /default-src 'none'.*frame-ancestors 'none'/,
    about,
  );
  assert.equal(headers["cross-origin-resource-policy"], "same-origin", about);
};

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

  after(() => {
    const missing = operations.flatMap(({ method, path, parameters, answers }) => [
      ...Object.keys(answers).map((status) => `${method} ${path} ${status}`),
      ...parameters.map(
        ({ name, in: place }) => `${method} ${path} ?${place === "path" ? name : name.toLowerCase()}`,
      ),
    ]);
    assert.deepEqual(
      missing.filter((one) => !seen.has(one)),
      [],
      "in the document, but never seen",
    );
  });
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

import assert from "node:assert/strict";
import { connect } from "node:net";
import { text as readText } from "node:stream/consumers";
import { before, describe, type TestContext, test } from "node:test";
import fc from "fast-check";
import { operations } from "../../docs/openapi/routes.ts";
import { createPolling } from "../../lib/serve/polling.ts";
import { type Asked, type Exchange, hidden, hiddenNames, makeToken, pods, startDoor } from "./door.ts";

/** So many requests of each kind; `ROLLCALL_FUZZ_RUNS=20000 node --test tests/functions/fuzz.test.ts` asks more. */
const numRuns = Number(process.env.ROLLCALL_FUZZ_RUNS ?? 400);

const reader = makeToken({ clusters: ["east"] });
const operator = makeToken({ name: "narrow", clusters: ["east"], operate: true });
const everything = makeToken({ name: "other", jobs: ["*"] });
const expired = makeToken({ name: "old", expires: 1, jobs: ["*"] });
const tokens = [reader, operator, everything, expired];

const hostileText = fc.oneof(
  fc.constantFrom(
    ...[
      "",
      ".",
      "..",
      "/",
      "//",
      "\\",
      "%",
      "%00",
      "%2e%2e%2f",
      "%ff",
      "%c0%af",
      "\u0000",
      "\u202e",
      "\ud800",
    ],
    ...[
      "<script>alert(1)</script>",
      "__proto__",
      "constructor",
      "toString",
      "$" + "{ssm:/x}",
      "';--",
      "\r\nX-A: b",
    ],
    ...["-1", "0", "1e9", "NaN", "Infinity", "99999999999999999999", "true", "null", "[]", "{}", "*"],
    ...['{a="b"}', '{a=~"("}', '{a=~"(?:x{99}){99}"}', '{__name__="a"}', "{", '{"":""}', "🜁".repeat(500)],
    ...[
      "pods",
      "a/b 100%",
      pods.id,
      "east",
      "web-1",
      "pod/shop/web-1",
      "10.0.0.1:80",
      "[::1]:80",
      "0".repeat(64),
    ],
    ...["2026-11-26T04:00:00Z", "1795406400", "2026-02-30T00:00:00Z", "25s", "1ms", "a".repeat(5_000)],
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ maxLength: 30 }),
  fc.json({ maxDepth: 2 }),
);

const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
/** As well as may be, or as it stands where a client can send that. */
const sent = fc
  .tuple(hostileText, fc.boolean())
  .map(([text, isRaw]) => (isRaw ? text.replace(/[^\x21-\xff]|[?#]/g, "") : encoded(text)));

const parameterNames = [
  ...new Set(operations.flatMap(({ parameters }) => parameters.map(({ name }) => name))),
];
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...parameterNames) },
  { weight: 1, arbitrary: sent },
);

/** A documented path with anything in its places, or any path at all. */
const path = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...operations), fc.array(sent, { minLength: 3, maxLength: 3 }))
      .map(([operation, values]) => {
        const left = [...values];
        const where = operation.path.replace(/\{\w+\}/g, () => left.pop() ?? "");
        return { where, usual: operation.method.toUpperCase() };
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(sent, { maxLength: 5 })
      .map((parts) => ({ where: `/${parts.join("/")}`, usual: "GET" })),
  },
);

const query = fc
  .array(fc.tuple(name, sent), { maxLength: 4 })
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map((pair) => pair.join("=")).join("&")}`));

/** What a header can carry. */
const value = hostileText.map((text) => text.replace(/[^\x20-\x7e\x80-\xff]/g, ""));
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const authorization = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(reader.bearer.authorization, operator.bearer.authorization) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "Bearer",
      "Basic ",
      basic(""),
      basic(":"),
      basic(`reader:${expired.secret}`),
      basic(`narrow:${operator.secret}`),
    ),
  },
  { weight: 1, arbitrary: value },
);

const headers = fc.record(
  {
    authorization,
    accept: fc.oneof(fc.constant("text/html"), value),
    "accept-encoding": fc.oneof(fc.constantFrom("gzip", "br;q=NaN,gzip;q=9e9", "*", "br"), value),
    "if-none-match": fc.oneof(fc.constantFrom("*", 'W/"x",,"'), value),
    host: fc.oneof(fc.constantFrom("127.0.0.1", "evil.example", "[::1]:1", "localhost:"), value),
    origin: fc.oneof(fc.constantFrom("null", "http://evil.example"), value),
    "sec-fetch-site": fc.constantFrom("cross-site", "none"),
    "x-prometheus-refresh-interval-seconds": value,
    "x-rollcall-operate": fc.constantFrom("1", "0"),
    "user-agent": value,
    "x-forwarded-for": value,
    __proto__: value,
    constructor: value,
  },
  { requiredKeys: ["authorization"] },
);

const asked: fc.Arbitrary<Asked> = fc.record({
  method: fc.oneof(
    { weight: 5, arbitrary: fc.constant("GET") },
    { weight: 1, arbitrary: fc.constantFrom("POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE") },
  ),
  headers: headers.map((given) => ({ ...given })),
  body: fc.oneof(fc.constant(""), hostileText),
});

const secrets = tokens.map(({ secret }) => secret);

describe("the door, whatever is asked of it", () => {
  let door: Awaited<ReturnType<typeof startDoor>>;
  const rejected: unknown[] = [];
  process.on("unhandledRejection", (reason) => rejected.push(reason));

  const start = (context: TestContext, over: Parameters<typeof startDoor>[1] = {}) =>
    startDoor(context, {
      tokens: tokens.map(({ settings }) => settings),
      reload: {
        outcome: "kept",
        reason: 'job "payroll-hidden": secret-cluster: password s3cr3t-in-a-job',
        fault: "refused",
      },
      parts: {
        polling: createPolling({ longest: 5, most: 3, pause: async () => {}, clock: Date.now }),
        doorSpeed: 1_000_000,
      },
      ...over,
    });

  const hold = (target: string, { method = "GET" }: Asked, { status, headers: got, body }: Exchange) => {
    const told = `${JSON.stringify(got)}\n${body}`;
    const about = `${method} ${target}: ${status} ${body.slice(0, 500)}`;
    const isReload = method === "POST" && status === 500 && body.startsWith("failed to reload config");
    assert.ok(status < 500 || status === 503 || isReload, about);
    for (const secret of secrets) assert.ok(!told.includes(secret), `a token in ${about}`);
    for (const one of hiddenNames) assert.doesNotMatch(told, one, about);
  };

  test("gives no error of its own, no token, and no name that the token may not see", async (context) => {
    door = await start(context);
    await fc.assert(
      fc.asyncProperty(path, query, asked, async ({ where, usual }, what, given) => {
        const how = given.method === "GET" ? { ...given, method: usual } : given;
        const target = `${where}${what}`.slice(0, 8_000);
        hold(target, how, await door.ask(target, how));
      }),
      { numRuns },
    );
    assert.deepEqual(rejected, []);
    for (const line of door.lines) for (const secret of secrets) assert.ok(!line.includes(secret), line);
  });

  test("answers to a name that the token may not see what it answers to one that is not there", async (context) => {
    door = await start(context);
    const pair = fc.constantFrom(
      ["payroll-hidden", "payroll-absent"] as const,
      [hidden.id, "kubernetes/00000000000f"] as const,
      ["secret-cluster", "secret-clusted"] as const,
      ["pod/pay/roll", "pod/pay/rulo"] as const,
    );
    await fc.assert(
      fc.asyncProperty(path, name, query, pair, async ({ where }, key, what, [there, absent]) => {
        const forms = (text: string) => [
          where.includes("x") ? where.replace("x", text) : `${where}${text}`,
          `${where}${what === "" ? "?" : `${what}&`}${key}=${encoded(text)}`,
          `/sd/${text}${what}`,
          `/api/v1/claims/${text}/${"0".repeat(64)}`,
          `/api/v1/explain?object=a&job=${text}`,
          `/api/v1/explain?object=${text}`,
        ];
        const others = forms(absent);
        for (const [index, target] of forms(there).entries()) {
          const [one, other] = await Promise.all(
            [target, others[index] ?? ""].map((each) =>
              door.ask(each.slice(0, 8_000), { headers: reader.bearer }),
            ),
          );
          const neutral = (exchange: Exchange | undefined) => [
            exchange?.status,
            exchange?.body.replaceAll(there, absent).replaceAll(encoded(there), encoded(absent)),
          ];
          assert.deepEqual(neutral(one), neutral(other), target);
        }
      }),
      { numRuns: Math.ceil(numRuns / 20) },
    );
  });

  test("lets nobody change anything without operate", async (context) => {
    door = await start(context);
    await fc.assert(
      fc.asyncProperty(
        headers,
        fc.constantFrom(
          "/-/reload",
          "/api/v1/rebuild?all=true",
          `/api/v1/providers/${pods.id}/guard/release`,
        ),
        async (given, target) => {
          const { authorization: _, ...rest } = given;
          const how = { method: "POST", headers: { ...rest, ...reader.bearer } };
          const { status } = await door.ask(target, how);
          assert.equal(status, 403);
          assert.equal((await door.ask(target, { method: "POST", headers: rest })).status, 401);
        },
      ),
      { numRuns: Math.ceil(numRuns / 10) },
    );
    assert.deepEqual(door.bus.entries, []);
  });

  test("survives bytes that are no request at all", async (context) => {
    door = await start(context);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .string({ unit: "binary", maxLength: 100 })
        .map((text) => Buffer.from(`GET /${text} HTTP/1.1\r\nHost: a\r\n\r\n`)),
      hostileText.map((text) => Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: ${text}\r\n\r\n`)),
      fc
        .constantFrom(
          ...["GET / HTTP/9.9\r\n\r\n", "POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"],
          "GET http://evil.example/sd/pods HTTP/1.1\r\nHost: a\r\n\r\n",
          "POST /-/reload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
          `GET / HTTP/1.1\r\nHost: a\r\n${"A: b\r\n".repeat(3_000)}\r\n`,
        )
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (sentBytes) => {
        const told = await raw(door.url, sentBytes);
        assert.match(told, /^(?:$|HTTP\/1\.1 [1-4]\d\d )/);
        for (const one of hiddenNames) assert.doesNotMatch(told, one);
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
    assert.equal((await door.ask("/-/healthy")).status, 200);
  });

  before(() => rejected.splice(0));
});

const raw = async (url: string, bytes: Uint8Array): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const reading = readText(socket).catch(() => "");
  socket.end(bytes);
  return reading;
};

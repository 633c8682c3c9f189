import assert from "node:assert/strict";
import { connect } from "node:net";
import { text as readText } from "node:stream/consumers";
import fc from "fast-check";
import { createPolling } from "../../../lib/serve/polling.ts";
import { type Asked, type Exchange, hidden, hiddenNames, pods, startDoor } from "../../functions/door.ts";
import {
  asked,
  eastern,
  encoded,
  headers,
  hostileText,
  name,
  path,
  query,
  reader,
  tokens,
} from "../asked.ts";
import { behaviour, type Door, type Scope } from "../door.ts";

const secrets = tokens.map(({ secret }) => secret);

const start = (scope: Scope) =>
  startDoor(scope, {
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
  });
type Running = Awaited<ReturnType<typeof start>>;

/** The HTTP of `serve` and `tick` (design §3.4): paths, queries, headers, bodies, and bytes that are none of these. */
export const serve: Door = {
  name: "serve",
  runs: 200,
  open: async (scope) => {
    const door = await start(scope);
    return [anything(door), inItsClusters(door), alike(door), withoutOperate(door), bytes(door)];
  },
};

const anything = (door: Running) =>
  behaviour(
    "gives no error of its own, no token, and no name that the token may not see",
    fc.tuple(path, query, asked),
    async ([{ where, usual }, what, given]) => {
      const how = given.method === "GET" ? { ...given, method: usual } : given;
      const target = `${where}${what}`.slice(0, 8_000);
      holdAnswer(target, how, await door.ask(target, how));
      for (const line of door.lines.splice(0))
        for (const secret of secrets) assert.ok(!line.includes(secret), line);
    },
  );

const holdAnswer = (target: string, { method = "GET" }: Asked, { status, headers: got, body }: Exchange) => {
  const told = `${JSON.stringify(got)}\n${body}`;
  const about = `${method} ${target}: ${status} ${body.slice(0, 500)}`;
  const isReload = method === "POST" && status === 500 && body.startsWith("failed to reload config");
  assert.ok(status < 500 || status === 503 || isReload, about);
  assert.doesNotMatch(told, /\bat \S+\.ts:\d|node_modules|\/lib\/serve/, about);
  for (const secret of secrets) assert.ok(!told.includes(secret), `a token in ${about}`);
  for (const one of hiddenNames) assert.doesNotMatch(told, one, about);
};

const inItsClusters = (door: Running) =>
  behaviour(
    "names no cluster that the token may not see, though it may read every job",
    fc.tuple(path, query),
    async ([{ where }, what]) => {
      const { body } = await door.ask(`${where}${what}`.slice(0, 8_000), { headers: eastern.bearer });
      for (const one of [/secret-cluster/, hidden.id]) assert.doesNotMatch(body, new RegExp(one), where);
    },
    1 / 4,
  );

/** A name that is there and may not be seen, and one like it that is not there. */
const pair = fc.constantFrom(
  ["payroll-hidden", "payroll-absent"] as const,
  [hidden.id, "kubernetes/00000000000f"] as const,
  ["secret-cluster", "secret-clusted"] as const,
  ["pod/pay/roll", "pod/pay/rulo"] as const,
);

const alike = (door: Running) =>
  behaviour(
    "answers to a name that the token may not see what it answers to one that is not there",
    fc.tuple(path, name, query, pair),
    async ([{ where }, key, what, [there, absent]]) => {
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
    },
    1 / 20,
  );

const changing = fc.constantFrom(
  "/-/reload",
  "/api/v1/rebuild?all=true",
  `/api/v1/providers/${pods.id}/guard/release`,
);

const withoutOperate = (door: Running) =>
  behaviour(
    "lets nobody change anything without operate",
    fc.tuple(headers, changing),
    async ([given, target]) => {
      const before = door.bus.entries.length;
      const { authorization: _, ...rest } = given;
      const { status } = await door.ask(target, { method: "POST", headers: { ...rest, ...reader.bearer } });
      assert.equal(status, 403);
      assert.equal((await door.ask(target, { method: "POST", headers: rest })).status, 401);
      assert.deepEqual(door.bus.entries.length, before);
    },
    1 / 10,
  );

const noRequests = fc.oneof(
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

const bytes = (door: Running) =>
  behaviour(
    "survives bytes that are no request at all",
    noRequests,
    async (sentBytes) => {
      const told = await raw(door.url, sentBytes);
      assert.match(told, /^(?:$|HTTP\/1\.1 [1-4]\d\d )/);
      for (const one of hiddenNames) assert.doesNotMatch(told, one);
      assert.equal((await door.ask("/-/healthy")).status, 200);
    },
    1 / 4,
  );

const raw = async (url: string, bytes: Uint8Array): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const reading = readText(socket).catch(() => "");
  socket.end(bytes);
  return reading;
};

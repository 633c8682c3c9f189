import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import type { TokenSettings } from "../../../lib/config/settings.ts";
import { noSettings } from "../../../lib/config/settings.ts";
import { admit, isRefusal } from "../../../lib/door/admit.ts";
import type { Request } from "../../../lib/door/request.ts";
import { visiblePlan } from "../../../lib/door/visible.ts";
import { job } from "../../fakes/jobs.ts";
import { provider } from "../../fakes/providers.ts";

const now = Date.parse("2026-11-23T12:00:00Z");
const [fleet, oncall] = [randomBytes(24).toString("base64url"), randomBytes(24).toString("base64url")];
const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");
const entry = (one: Partial<TokenSettings>): TokenSettings => ({
  name: "fleet-a",
  sha256: sha256(fleet),
  jobs: ["pods"],
  clusters: ["*"],
  operate: false,
  ...one,
});
const tokens = [entry({}), entry({ name: "oncall", sha256: sha256(oncall), jobs: ["*"], operate: true })];

const bearer = (token: string) => `Bearer ${token}`;
const basic = (name: string, token: string) => `Basic ${Buffer.from(`${name}:${token}`).toString("base64")}`;
const request = (headers: Record<string, string> = {}): Request => ({
  method: "GET",
  path: "sd/pods",
  query: new URLSearchParams(),
  headers: { host: "rollcall.example", ...headers },
  peer: "10.0.0.7",
});
const ask = (authorization?: string, more: { operate?: boolean; headers?: Record<string, string> } = {}) =>
  admit(request({ ...(authorization !== undefined && { authorization }), ...more.headers }), {
    tokens,
    now,
    ...(more.operate !== undefined && { operate: more.operate }),
  });
const statusOf = (...words: Parameters<typeof ask>) => {
  const admitted = ask(...words);
  return isRefusal(admitted) ? admitted.statusCode : admitted.name;
};

describe("with tokens", () => {
  test("a client from anywhere is let in with a bearer token, or with it as the password of its name", () => {
    assert.equal(statusOf(bearer(fleet)), "fleet-a");
    assert.equal(statusOf(basic("fleet-a", fleet)), "fleet-a");
    assert.equal(statusOf(`bEaReR   ${fleet}`), "fleet-a");
  });

  for (const [what, authorization] of [
    ["nothing", undefined],
    ["a wrong token", bearer("no")],
    ["the hash in place of the token", bearer(sha256(fleet))],
    ["a token under another's name", basic("oncall", fleet)],
    ["no password", basic("fleet-a", "")],
    ["no user", `Basic ${Buffer.from(fleet).toString("base64")}`],
    ["another scheme", `Digest ${fleet}`],
    ["an empty bearer", "Bearer "],
  ] as const) {
    test(`${what} is 401 with a challenge, whatever the address`, () => {
      const admitted = ask(authorization);
      assert.ok(isRefusal(admitted));
      assert.equal(admitted.statusCode, 401);
      assert.match(admitted.headers["WWW-Authenticate"] ?? "", /^Basic realm=/);
      const local = admit(
        { ...request(), peer: "127.0.0.1", headers: { host: "127.0.0.1" } },
        { tokens, now },
      );
      assert.ok(isRefusal(local));
    });
  }

  test("an expired one is 401, and another of the same name is not", () => {
    const next = randomBytes(24).toString("base64url");
    const rotated = [entry({ expires: now }), entry({ sha256: sha256(next), expires: now + 1 })];
    const [old, young] = [fleet, next].map((token) =>
      admit(request({ authorization: bearer(token) }), { tokens: rotated, now }),
    );
    assert.ok(old !== undefined && isRefusal(old));
    assert.ok(young !== undefined && !isRefusal(young));
  });

  test("what changes something needs operate", () => {
    assert.equal(statusOf(bearer(fleet), { operate: true }), 403);
    assert.equal(statusOf(bearer(oncall), { operate: true }), "oncall");
  });

  test("a basic login, which a browser sends by itself, changes nothing without the header", () => {
    const login = basic("oncall", oncall);
    assert.equal(statusOf(login, { operate: true }), 403);
    assert.equal(statusOf(login, { operate: true, headers: { "x-rollcall-operate": "1" } }), "oncall");
    assert.equal(statusOf(login), "oncall");
  });

  test("a plan shows only the token's jobs and clusters, and providers that serve one of them", () => {
    const admitted = admit(request({ authorization: bearer(fleet) }), {
      tokens: [entry({ clusters: ["prod-*"] })],
      now,
    });
    assert.ok(!isRefusal(admitted));
    const plan = visiblePlan(
      {
        hash: "h",
        warnings: [],
        settings: noSettings,
        configuration: { jobs: [job("pods"), job("secret")] },
        providers: [
          provider({ id: "kubernetes/00000000000a", cluster: "prod-eu", jobs: ["pods", "secret"] }),
          provider({ id: "kubernetes/00000000000b", cluster: "prod-eu", jobs: ["secret"] }),
          provider({ id: "kubernetes/00000000000c", cluster: "test-eu", jobs: ["pods"] }),
        ],
      },
      admitted,
    );
    assert.deepEqual(
      plan.configuration.jobs.map(({ name }) => name),
      ["pods"],
    );
    assert.deepEqual(
      plan.providers.map(({ id, jobs }) => [id, jobs]),
      [["kubernetes/00000000000a", ["pods"]]],
    );
  });
});

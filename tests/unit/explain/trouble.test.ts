import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { troubleOf } from "../../../lib/explain/trouble.ts";
import { provider, status } from "../../fakes/providers.ts";

const now = Date.parse("2026-11-23T04:00:00Z");

const reasonFor = (lastError: string, namespace?: string) =>
  troubleOf(provider(), status({ lastAttempt: now, lastSuccess: now, lastError }), { now, namespace })
    ?.reason;

describe("what an error of the last look means", () => {
  const api = "GET https://127.0.0.1:6403/api/v1";
  const errors: [string, string][] = [
    [`${api}/pods: 401 Unauthorized: Unauthorized`, "unauthorized"],
    [`${api}/pods: 403 Forbidden: pods is forbidden: User "x" cannot list`, "forbidden"],
    [`${api}/pods: 503 Service Unavailable`, "unreachable"],
    [`${api}/pods: 429 Too Many Requests`, "unreachable"],
    [`${api}/pods: 404 Not Found`, "provider_failing"],
    ["https://127.0.0.1:4030/api: connect ECONNREFUSED 127.0.0.1:4030", "unreachable"],
    ["https://c.example: getaddrinfo ENOTFOUND c.example", "unreachable"],
    ["https://c.example: no answer within 10000 ms", "unreachable"],
    ["https://c.example: unable to verify the first certificate", "unreachable"],
    ["http://127.0.0.1/sd: server returned HTTP status 403 Forbidden", "forbidden"],
    ["http://127.0.0.1/sd: server returned HTTP status 500 Internal Server Error", "unreachable"],
    ["http://127.0.0.1/sd: error in element 3 of the list", "provider_failing"],
    ["/etc/a.json: EACCES: permission denied, open '/etc/a.json'", "provider_failing"],
    ["not everything was announced: 10 entries failed", "provider_failing"],
  ];
  for (const [error, reason] of errors)
    test(`${error}: ${reason}`, () => assert.equal(reasonFor(error), reason));

  test("one namespace's refusal is no trouble for the others", () => {
    const error = `${api}/namespaces/shop/pods: 403 Forbidden: no`;
    assert.equal(reasonFor(error, "shop"), "forbidden");
    assert.equal(reasonFor(error, "test"), undefined);
    assert.equal(reasonFor(error), "forbidden");
  });

  test("where all namespaces failed those that are not named did, too", () => {
    const lines = ["a", "b", "c"].map((name) => `${api}/namespaces/${name}/pods: 403 Forbidden`);
    assert.equal(reasonFor(`${lines.join("; ")}; and 2 more`, "e"), "forbidden");
  });

  test("a provider that nobody looked at yet, or for long, is told apart from one that fails", () => {
    const at = { now, namespace: undefined };
    assert.equal(troubleOf(provider(), undefined, at)?.reason, "not_looked_yet");
    const old = { lastAttempt: now - 3_600_000, lastSuccess: now - 3_600_000 };
    assert.equal(troubleOf(provider(), status(old), at)?.reason, "stale");
    assert.equal(troubleOf(provider(), status({ lastAttempt: now, lastSuccess: now }), at), undefined);
  });
});

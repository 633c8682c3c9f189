import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { admit, isLoopbackAddress, isRefusal } from "../../../lib/door/admit.ts";
import type { Request } from "../../../lib/door/request.ts";

describe("without tokens", () => {
  for (const host of [
    "127.0.0.1:9095",
    "localhost:9095",
    "localhost",
    "[::1]:9095",
    "127.9.9.9",
    "LOCALHOST:1",
  ]) {
    test(`a loopback client that asks for ${host} is let in`, () => {
      assert.equal(refusalOf(request({ host })), undefined);
    });
  }

  for (const host of [
    "rollcall.example:9095",
    "127.0.0.1.example",
    "10.0.0.1:9095",
    "",
    "localhost.example",
  ]) {
    test(`a page that came by the name ${JSON.stringify(host)} is refused, though it runs on this machine`, () => {
      assert.match(refusalOf(request({ host })) ?? "", /loopback Host/);
    });
  }

  for (const peer of ["10.0.0.7", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1", ""]) {
    test(`a client at ${JSON.stringify(peer)} is refused`, () => {
      assert.match(refusalOf(request({ peer })) ?? "", /loopback clients/);
    });
  }

  test("a page from elsewhere may read nothing and change nothing", () => {
    const posted = { method: "POST", origin: "https://evil.example" };
    assert.match(refusalOf(request(posted)) ?? "", /may not change/);
    assert.equal(refusalOf(request({ ...posted, origin: "http://127.0.0.1:9095" })), undefined);
  });
});

test("a page from elsewhere cannot make a browser ask, but a person may follow a link", () => {
  const asked = (headers: Record<string, string>) => {
    const plain = request({});
    return refusalOf({ ...plain, headers: { ...plain.headers, ...headers } });
  };
  for (const site of ["cross-site", "same-site"]) {
    assert.match(asked({ "sec-fetch-site": site, "sec-fetch-mode": "no-cors" }) ?? "", /from elsewhere/);
    const link = { "sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    assert.equal(asked(link), undefined);
    assert.match(asked({ ...link, "sec-fetch-dest": "iframe" }) ?? "", /from elsewhere/);
  }
  for (const site of ["same-origin", "none"]) assert.equal(asked({ "sec-fetch-site": site }), undefined);
});

test("an IPv4 loopback address written as IPv6 is one", () => {
  assert.equal(isLoopbackAddress("::ffff:127.0.0.1"), true);
  assert.equal(isLoopbackAddress("::ffff:8.8.8.8"), false);
});

/** Why the request is refused where no tokens are configured; undefined when it is let in. */
const refusalOf = (asked: Request): string | undefined => {
  const admitted = admit(asked, { tokens: [], now: 0 });
  if (!isRefusal(admitted)) return undefined;
  assert.equal(admitted.statusCode, 403);
  return String(admitted.body);
};

const request = (one: { host?: string; peer?: string; method?: string; origin?: string }): Request => ({
  method: one.method ?? "GET",
  path: "sd/pods",
  query: new URLSearchParams(),
  headers: {
    host: one.host ?? "127.0.0.1:9095",
    ...(one.origin === undefined ? {} : { origin: one.origin }),
  },
  peer: one.peer ?? "127.0.0.1",
});

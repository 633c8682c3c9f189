import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type AuthenticateParts,
  authenticate,
  leafHeader,
} from "../../../../lib/adapter/identity/authenticate.ts";
import { readTrust } from "../../../../lib/adapter/identity/trust.ts";
import { createAuthority } from "../../http/support/certificates.ts";
import { inHeader, issueFor } from "./certificates.ts";

const proxies = createAuthority("front-proxy-ca");
const users = createAuthority("ca");
const stranger = createAuthority("front-proxy-ca");
const subject = "/CN=front-proxy-client";
const proxy = issueFor(proxies, { subject, usage: "clientAuth" });
const person = issueFor(users, { subject: "/O=team/O=ops/CN=jane", usage: "clientAuth" });

const trust = readTrust({
  "client-ca-file": users.cert,
  "requestheader-client-ca-file": `# of the cluster\n${proxies.cert}`,
  "requestheader-allowed-names": '["front-proxy-client"]',
  "requestheader-username-headers": '["X-Remote-User"]',
  "requestheader-group-headers": '["X-Remote-Group"]',
  "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
});

const headersWith = (more: Readonly<Record<string, string[]>>) => new Map(Object.entries(more));
const claims = {
  "x-remote-user": ["hpa"],
  "x-remote-group": ["a", "b"],
  "x-remote-extra-scopes": ["one", "two"],
  "x-remote-extra-example.org%2fteam": ["x"],
};
const known = (more: Partial<AuthenticateParts> = {}): AuthenticateParts => ({
  trust,
  reviewToken: async () => undefined,
  now: Date.now(),
  allowsAnonymous: true,
  ...more,
});
const by = (cert: string, more: Readonly<Record<string, string[]>> = claims) =>
  headersWith({ [leafHeader]: [inHeader(cert)], ...more });

describe("who asks", () => {
  test("is whom the front proxy names, with groups and extras, once its certificate is verified", async () => {
    assert.deepEqual(await authenticate(by(proxy.cert), known()), {
      user: {
        name: "hpa",
        groups: ["a", "b", "system:authenticated"],
        extra: { scopes: ["one", "two"], "example.org/team": ["x"] },
      },
    });
  });

  const distrusted: [string, string, RegExp][] = [
    [
      "another authority of the same name",
      issueFor(stranger, { subject, usage: "clientAuth" }).cert,
      /unknown authority/,
    ],
    [
      "another authority of the same name, whose key is only told by the signature",
      issueFor(stranger, { subject, usage: "clientAuth", isUnlinked: true }).cert,
      /unknown authority/,
    ],
    ["a server's certificate", issueFor(proxies, { subject, usage: "serverAuth" }).cert, /not for clients/],
    [
      "another name",
      issueFor(proxies, { subject: "/CN=somebody", usage: "clientAuth" }).cert,
      /"somebody", who may not/,
    ],
    [
      "a name that only looks like it",
      issueFor(proxies, { subject: "/O=x\nCN=front-proxy-client/CN=y", usage: "clientAuth" }).cert,
      /may not be one/,
    ],
    [
      "one that was issued by a client",
      issueFor(proxy, { subject, usage: "clientAuth" }).cert,
      /unknown authority/,
    ],
  ];
  for (const [what, cert, reason] of distrusted)
    test(`is not believed by ${what}`, async () => {
      const who = await authenticate(by(cert), known());
      assert.match("refused" in who ? who.refused : "believed", reason);
    });

  test("is not believed by a certificate before or after its time, or an authority's", async () => {
    const hour = 3_600_000;
    for (const now of [Date.now() - 24 * hour, Date.now() + 72 * hour]) {
      const who = await authenticate(by(proxy.cert), known({ now }));
      assert.match("refused" in who ? who.refused : "believed", /is not valid now/);
    }
  });

  for (const usage of [undefined, "anyExtendedKeyUsage"] as const)
    test(`is believed by a certificate for ${usage ?? "no certain use"}, as Go does`, async () => {
      const { cert } = issueFor(proxies, { subject, ...(usage && { usage }) });
      assert.ok("user" in (await authenticate(by(cert), known())));
    });

  test("is nobody by bare headers: they count as if they were not there", async () => {
    const who = await authenticate(headersWith(claims), known());
    assert.deepEqual(who, {
      user: { name: "system:anonymous", groups: ["system:unauthenticated"], extra: {} },
    });
    const refused = await authenticate(headersWith(claims), known({ allowsAnonymous: false }));
    assert.deepEqual(refused, { refused: "there is no client certificate" });
  });

  test("is not believed by two certificates, by none in the header, or by a text", async () => {
    const pem = inHeader(proxy.cert);
    for (const leaves of [[pem, pem], [""], ["%"], ["x"], [inHeader(proxy.cert + person.cert)]]) {
      const who = await authenticate(headersWith({ [leafHeader]: leaves, ...claims }), known());
      assert.match("refused" in who ? who.refused : "believed", /no single certificate/);
    }
  });

  test("is whose certificate it is where the cluster's authority of users vouches for it", async () => {
    const who = await authenticate(by(person.cert), known());
    assert.deepEqual(who, {
      user: { name: "jane", groups: ["team", "ops", "system:authenticated"], extra: {} },
    });
  });

  test("is whose token it is", async () => {
    const reviewToken = async (token: string) =>
      token === "good" ? { name: "bot", groups: ["bots"], extra: {} } : undefined;
    const bearing = (token: string) => headersWith({ authorization: [`Bearer ${token}`] });
    assert.deepEqual(await authenticate(bearing("good"), known({ reviewToken })), {
      user: { name: "bot", groups: ["bots", "system:authenticated"], extra: {} },
    });
    assert.deepEqual(await authenticate(bearing("bad"), known({ reviewToken })), {
      refused: "the token is nobody's",
    });
    const basic = headersWith({ authorization: ["Basic Z29vZDo="] });
    assert.ok("user" in (await authenticate(basic, known({ reviewToken }))));
  });

  const unknown: [string, string[]][] = [
    ["system:anonymous", []],
    ["system:anonymous", ["system:unauthenticated"]],
    ["jane", ["system:unauthenticated"]],
  ];
  for (const [name, groups] of unknown)
    test(`is not of those who said who they are as ${name} of [${groups}], whoever says it`, async () => {
      const expected = { user: { name, groups, extra: {} } };
      const proxied = by(proxy.cert, { "x-remote-user": [name], "x-remote-group": groups });
      assert.deepEqual(await authenticate(proxied, known()), expected);
      const bearing = headersWith({ authorization: ["Bearer good"] });
      const reviewToken = async () => ({ name, groups, extra: {} });
      assert.deepEqual(await authenticate(bearing, known({ reviewToken })), expected);
      const subject = `${groups.map((group) => `/O=${group}`).join("")}/CN=${name}`;
      const { cert } = issueFor(users, { subject, usage: "clientAuth" });
      assert.deepEqual(await authenticate(by(cert, {}), known()), expected);
    });

  test("is nobody when the front proxy names nobody", async () => {
    const who = await authenticate(by(proxy.cert, { "x-remote-user": [""] }), known());
    assert.match("refused" in who ? who.refused : "believed", /names no user/);
  });
});

describe("what a cluster says of its callers", () => {
  test("may name any client of its front proxy's authority, and other headers", async () => {
    const open = readTrust({
      "requestheader-client-ca-file": proxies.cert,
      "requestheader-username-headers": '["X-Other-User"]',
    });
    const { cert } = issueFor(proxies, { subject: "/CN=anyone", usage: "clientAuth" });
    const named = by(cert, { "x-other-user": ["jane"], "x-remote-user": ["root"] });
    const who = await authenticate(named, known({ trust: open }));
    assert.equal("user" in who && who.user.name, "jane");
  });

  for (const [what, data, message] of [
    ["no certificate", { "client-ca-file": "x" }, /client-ca-file has no PEM certificate/],
    [
      "a broken one",
      { "client-ca-file": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
      /certificate 1 cannot be read/,
    ],
    [
      "no list",
      { "requestheader-client-ca-file": proxies.cert, "requestheader-allowed-names": "x" },
      /requestheader-allowed-names is no JSON list of texts/,
    ],
    ["a number", { "client-ca-file": 1 }, /client-ca-file/],
  ] as const)
    test(`with ${what} is refused by name`, () => assert.throws(() => readTrust(data), message));
});

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, type TestContext, test } from "node:test";
import type { OAuth2 } from "../../../lib/config/configuration.ts";
import { Secret } from "../../../lib/config/secret.ts";
import { reasonOf } from "../../../lib/errors.ts";
import { createTransport } from "../../../lib/http/client.ts";
import { ask } from "./support/ask.ts";
import { createAuthority } from "./support/certificates.ts";
import { clientWith, plainClient } from "./support/config.ts";
import { temporaryFolder } from "./support/files.ts";
import { serve } from "./support/server.ts";

interface TokenRequest {
  readonly method: string | undefined;
  readonly authorization: string | undefined;
  readonly form: Record<string, string>;
}

/** A token server that hands out token-1, token-2, …, each good for 60 seconds, to those whom `accept` lets in. */
const tokenServer = async (t: TestContext, accept = (_request: TokenRequest) => true) => {
  const requests: TokenRequest[] = [];
  const listener: RequestListener = async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    const seen = { method: request.method, authorization: request.headers.authorization, form };
    requests.push(seen);
    if (!accept(seen)) {
      response.statusCode = 401;
      return response.end(JSON.stringify({ error: "invalid_client", error_description: "echo of hush" }));
    }
    const token = { access_token: `token-${requests.length}`, token_type: "bearer", expires_in: 60 };
    response.setHeader("content-type", "application/json");
    return response.end(JSON.stringify(token));
  };
  return { requests, listener, ...(await serve(t, listener)) };
};

const oauth2 = (tokenUrl: URL, changes: Partial<OAuth2> = {}): OAuth2 => ({
  clientId: "us er",
  clientSecret: new Secret("hush"),
  scopes: [],
  tokenUrl: tokenUrl.href,
  endpointParams: {},
  tls: plainClient.tls,
  proxy: plainClient.proxy,
  ...changes,
});

const echo = (t: TestContext) =>
  serve(t, (request, response) => void response.end(request.headers.authorization));

const transportFor = (t: TestContext, block: OAuth2, now = () => 0) => {
  const transport = createTransport(clientWith({ oauth2: block }), { now });
  t.after(() => transport.close());
  return transport;
};

describe("oauth2", () => {
  test("asks with the client's login, scopes and parameters, and sends the token", async (t) => {
    const tokens = await tokenServer(t);
    const { url } = await echo(t);
    const block = oauth2(tokens.url, { scopes: ["read", "list"], endpointParams: { audience: "sd" } });
    assert.equal((await ask(transportFor(t, block), url)).body, "Bearer token-1");
    const login = Buffer.from("us%20er:hush").toString("base64");
    assert.deepEqual(tokens.requests, [
      {
        method: "POST",
        authorization: `Basic ${login}`,
        form: { grant_type: "client_credentials", scope: "read list", audience: "sd" },
      },
    ]);
  });

  test("has the client's name where it is kept, and a new token when it changes", async (t) => {
    const tokens = await tokenServer(t);
    const { url } = await echo(t);
    let name = "first";
    const reveal = async (value: Secret | string) => (value === "${ssm:/client}" ? name : "hush");
    const credentialsFor = () => ({ reveal, read: async () => "", refused: () => false });
    const block = oauth2(tokens.url, { clientId: "${ssm:/client}" });
    const transport = createTransport(clientWith({ oauth2: block }), { now: () => 0, credentialsFor });
    t.after(() => transport.close());
    assert.equal((await ask(transport, url)).body, "Bearer token-1");
    name = "second";
    assert.equal((await ask(transport, url)).body, "Bearer token-2");
    const logins = tokens.requests.map(({ authorization = "" }) =>
      atob(authorization.slice("Basic ".length)),
    );
    assert.deepEqual(logins, ["first:hush", "second:hush"]);
  });

  test("keeps a token until shortly before it expires", async (t) => {
    const tokens = await tokenServer(t);
    const { url } = await echo(t);
    let now = 1_000_000;
    const transport = transportFor(t, oauth2(tokens.url), () => now);
    assert.equal((await ask(transport, url)).body, "Bearer token-1");
    now += 49_000;
    assert.equal((await ask(transport, url)).body, "Bearer token-1");
    now += 2_000;
    assert.equal((await ask(transport, url)).body, "Bearer token-2");
  });

  test("is asked once by requests that need a token at the same time", async (t) => {
    const tokens = await tokenServer(t);
    const { url } = await echo(t);
    const transport = transportFor(t, oauth2(tokens.url));
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(transport, url)));
    assert.deepEqual([...new Set(answers.map(({ body }) => body))], ["Bearer token-1"]);
    assert.equal(tokens.requests.length, 1);
  });

  test("takes a new token when the secret's file changes", async (t) => {
    const tokens = await tokenServer(t);
    const { url } = await echo(t);
    const clientSecretFile = join(await temporaryFolder(t), "secret");
    const { clientSecret, ...rest } = oauth2(tokens.url, { clientSecretFile });
    const transport = transportFor(t, rest);
    await writeFile(clientSecretFile, "first\n");
    assert.equal((await ask(transport, url)).body, "Bearer token-1");
    await writeFile(clientSecretFile, "second\n");
    assert.equal((await ask(transport, url)).body, "Bearer token-2");
  });

  test("sends the login in the body to a server that refuses it in the header, and remembers that", async (t) => {
    const tokens = await tokenServer(t, ({ authorization }) => authorization === undefined);
    const { url } = await echo(t);
    let now = 0;
    const transport = transportFor(t, oauth2(tokens.url), () => now);
    assert.equal((await ask(transport, url)).body, "Bearer token-2");
    assert.equal(tokens.requests[1]?.form.client_secret, "hush");
    now = 55_000;
    assert.equal((await ask(transport, url)).body, "Bearer token-3");
    assert.equal(tokens.requests[2]?.authorization, undefined);
  });

  test("reaches the token server with a TLS block of its own", async (t) => {
    const authority = createAuthority("Tokens");
    const { listener } = await tokenServer(t);
    const { url: tokenUrl } = await serve(t, listener, authority.issue("tokens"));
    const { url } = await echo(t);
    const tls = { ca: authority.cert, insecureSkipVerify: false };
    assert.equal((await ask(transportFor(t, oauth2(tokenUrl, { tls })), url)).body, "Bearer token-1");
    await assert.rejects(ask(transportFor(t, oauth2(tokenUrl)), url), { name: "TransientError" });
  });

  test("tells a refusal with the standard's code and nothing else of the answer", async (t) => {
    const tokens = await tokenServer(t, () => false);
    const { url } = await echo(t);
    await assert.rejects(ask(transportFor(t, oauth2(tokens.url)), url), (error) => {
      assert.equal(
        reasonOf(error),
        `oauth2 token from ${tokens.url}: HTTP status 401 Unauthorized, invalid_client`,
      );
      return true;
    });
  });

  const answers: [what: string, status: number, body: string, reason: RegExp][] = [
    [
      "a code that is none of the standard's",
      400,
      '{"error":"hush is the secret"}',
      /HTTP status 400 Bad Request$/,
    ],
    ["a body larger than any token", 200, " ".repeat(1024 * 1024 + 1), /larger than 1048576 bytes$/],
  ];
  for (const [what, status, body, reason] of answers)
    test(`does not take ${what}, nor repeats it`, async (t) => {
      const tokens = await serve(t, (_request, response) => void response.writeHead(status).end(body));
      const { url } = await echo(t);
      await assert.rejects(ask(transportFor(t, oauth2(tokens.url)), url), (error) =>
        reason.test(reasonOf(error)),
      );
    });

  test("recovers once the token server answers again", async (t) => {
    let open = false;
    const tokens = await tokenServer(t, () => open);
    const { url } = await echo(t);
    const transport = transportFor(t, oauth2(tokens.url));
    await assert.rejects(ask(transport, url));
    open = true;
    assert.equal((await ask(transport, url)).body, "Bearer token-3");
  });

  test("does not carry the secret along a redirect", async (t) => {
    const elsewhere = await tokenServer(t);
    const { url: tokenUrl } = await serve(t, (_request, response) => {
      response.writeHead(307, { location: elsewhere.url.href });
      response.end();
    });
    const { url } = await echo(t);
    await assert.rejects(ask(transportFor(t, oauth2(tokenUrl)), url), /HTTP status 307/);
    assert.equal(elsewhere.requests.length, 0);
  });

  for (const body of ["not json", "{}", '{"access_token":""}', '{"access_token":1}']) {
    test(`refuses ${body} for a token`, async (t) => {
      const { url: tokenUrl } = await serve(t, (_request, response) => void response.end(body));
      const { url } = await echo(t);
      await assert.rejects(ask(transportFor(t, oauth2(tokenUrl)), url), /expected JSON with access_token/);
    });
  }
});

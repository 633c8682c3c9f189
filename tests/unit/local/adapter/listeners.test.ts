import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, afterEach, describe, test } from "node:test";
import { createAdapt } from "../../../../lib/adapter/adapt.ts";
import { readApiRequest } from "../../../../lib/adapter/api/request.ts";
import { authenticate, leafHeader } from "../../../../lib/adapter/identity/authenticate.ts";
import { readTrust } from "../../../../lib/adapter/identity/trust.ts";
import type { OpenedAdapter } from "../../../../lib/adapter/open.ts";
import type { AdapterSettings } from "../../../../lib/config/adapters.ts";
import { createLog } from "../../../../lib/log.ts";
import { createListeners, type Listeners } from "../../../../local/adapter/listeners.ts";
import { freePort } from "../../../e2e/ports.ts";
import { issueFor } from "../../adapter/identity/certificates.ts";
import { world } from "../../adapter/world.ts";
import { createAuthority, type KeyPair } from "../../http/support/certificates.ts";

const serving = createAuthority("serving-ca");
const proxies = createAuthority("front-proxy-ca");
const stranger = createAuthority("stranger-ca");
const clientOf = (authority: KeyPair) => issueFor(authority, { subject: "/CN=client", usage: "clientAuth" });
const trust = readTrust({ "requestheader-client-ca-file": proxies.cert });

const folder = mkdtempSync(join(tmpdir(), "rollcall-listeners-"));
after(() => rmSync(folder, { recursive: true }));
const [certFile, keyFile] = [join(folder, "cert"), join(folder, "key")];
const write = ({ cert, key }: KeyPair) => {
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
};

const opened: Listeners[] = [];
afterEach(async () => {
  for (const listeners of opened.splice(0)) await listeners.close();
});

const adapterAt = (listen: string): AdapterSettings =>
  Object.assign({ listen, tls: { certFile, keyFile, requestheaderAllowedNames: [] } }) as AdapterSettings;

/** Listeners whose function answers whom it takes the caller for. */
const start = async (lines: string[] = []) => {
  const events: unknown[] = [];
  const listeners = createListeners({
    adapt: async (event) => {
      events.push(event);
      const { headers } = readApiRequest(event);
      const parts = { trust, reviewToken: async () => undefined, now: Date.now(), allowsAnonymous: true };
      const who = await authenticate(headers, parts);
      const body = "user" in who ? who.user.name : `refused: ${who.refused}`;
      return { statusCode: 200, multiValueHeaders: { "X-One": ["a", "b"] }, body, isBase64Encoded: false };
    },
    log: (line) => lines.push(line),
  });
  opened.push(listeners);
  return { listeners, events };
};

const get = (
  port: number,
  client: KeyPair | undefined,
  headers: Record<string, string | string[]> = {},
  path = "/apis",
) =>
  new Promise<string>((resolve, reject) => {
    const agent = new Agent({ ca: serving.cert, servername: "server.test", ...client });
    const sent = request({ port, host: "127.0.0.1", path, agent, headers }, async (response) => {
      resolve(await text(response));
      agent.destroy();
    });
    sent.once("error", reject);
    sent.end();
  });

describe("listeners of the local run for aggregators", () => {
  test("hand on the certificate whose key the client holds, whoever issued it, and take none from a header", async () => {
    write(serving.issue("server.test"));
    const { listeners, events } = await start();
    const port = await freePort();
    await listeners.follow([adapterAt(`127.0.0.1:${port}`)]);
    const claims = { "X-Remote-User": "hpa", [leafHeader]: encodeURIComponent(clientOf(proxies).cert) };
    assert.equal(await get(port, clientOf(proxies), { "X-Remote-User": "hpa" }), "hpa");
    assert.match(
      await get(port, clientOf(stranger), claims),
      /^refused: the client certificate is of an unknown/,
    );
    assert.equal(await get(port, undefined, claims), "system:anonymous");
    await get(port, undefined, { "X-Remote-User": "hpa" }, "/a%2Fb?x=1%202&x=3&y");
    const event = Object(events.at(-1));
    assert.equal(event.path, "/a%2Fb");
    assert.deepEqual(event.multiValueQueryStringParameters, { x: ["1%202", "3"], y: [""] });
  });

  test("tell of a request that came to nothing, without its query, and go on", async () => {
    write(serving.issue("server.test"));
    const listen = `127.0.0.1:${await freePort()}`;
    const lines: string[] = [];
    let headers: Record<string, string[]> = { "X-One": ["a\nb"] };
    const answer = () => ({
      statusCode: 200,
      multiValueHeaders: headers,
      body: "good",
      isBase64Encoded: false,
    });
    const listeners = createListeners({ adapt: async () => answer(), log: (line) => lines.push(line) });
    opened.push(listeners);
    await listeners.follow([adapterAt(listen)]);
    const port = Number(listen.split(":")[1]);
    await assert.rejects(get(port, undefined, {}, "/apis?token=secret"));
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? "",
      new RegExp(`^adapters: ${listen}: GET /apis: .*Invalid character in header`),
    );
    headers = {};
    assert.equal(await get(port, undefined), "good");
  });

  test("take as long headers as an API server does: a user may have thousands of groups", async () => {
    write(serving.issue("server.test"));
    const { listeners } = await start();
    const port = await freePort();
    await listeners.follow([adapterAt(`127.0.0.1:${port}`)]);
    const claims = { "X-Remote-Group": Array<string>(5000).fill("x".repeat(150)), "X-Remote-User": "hpa" };
    assert.equal(await get(port, clientOf(proxies), claims), "hpa");
  });

  test("follow the settings: new ones open, changed certificates count, those that are gone close", async () => {
    write(serving.issue("server.test"));
    const { listeners } = await start();
    const port = await freePort();
    const adapters = [adapterAt(`127.0.0.1:${port}`)];
    await listeners.follow(adapters);
    write(stranger.issue("server.test"));
    await listeners.follow(adapters);
    await assert.rejects(get(port, undefined), /certificate/);
    write(serving.issue("server.test"));
    await listeners.follow(adapters);
    assert.equal(await get(port, undefined), "system:anonymous");
    await listeners.follow([]);
    await assert.rejects(get(port, undefined), /ECONNREFUSED/);
  });

  test("that cannot be had are told, and do not keep the others from opening", async () => {
    write(serving.issue("server.test"));
    const lines: string[] = [];
    const { listeners } = await start(lines);
    const [taken, free] = [await freePort(), await freePort()];
    const other = await start();
    await other.listeners.follow([adapterAt(`127.0.0.1:${taken}`)]);
    await listeners.follow([adapterAt(`127.0.0.1:${taken}`), adapterAt(`127.0.0.1:${free}`)]);
    assert.match(lines.join(), /adapters: listen 127\.0\.0\.1:\d+: .*EADDRINUSE/);
    assert.equal(await get(free, undefined), "system:anonymous");
  });
});

describe("one listener of two clusters", () => {
  test("asks the one that Host names, which believes its own authorities only", async () => {
    write(serving.issue("server.test"));
    const listen = `127.0.0.1:${await freePort()}`;
    const clusters = { "a.test": proxies, "b.test": stranger };
    const served = Object.entries(clusters).map(([host, { cert }]) => {
      const settings = { ...adapterAt(listen), host };
      const trust = async () => readTrust({ "requestheader-client-ca-file": cert });
      const external = { [`of-${host[0]}`]: [] };
      return {
        adapter: { settings } as OpenedAdapter,
        parts: { ...world({ external, trust }).parts, clock: Date.now },
      };
    });
    const log = createLog({ level: "error", write: () => {} });
    const adapt = createAdapt({
      adapters: async () => served.map(({ adapter }) => adapter),
      hosted: (one) => served.find(({ adapter }) => adapter === one)!.parts,
      most: undefined,
      log,
    });
    const lines: string[] = [];
    const listeners = createListeners({ adapt, log: (line) => lines.push(line) });
    opened.push(listeners);
    await listeners.follow(served.map(({ adapter }) => adapter.settings));
    assert.deepEqual(lines, []);
    const port = Number(listen.split(":")[1]);
    const ask = async (host: string, client: KeyPair, metric: string) => {
      const headers = { Host: `${host}:${port}`, "X-Remote-User": "hpa" };
      const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/${metric}`;
      const answer = await get(port, client, headers, path);
      return answer.startsWith("{")
        ? JSON.parse(answer).kind + (JSON.parse(answer).code ?? "")
        : answer.trim();
    };
    const [ofA, ofB] = [clientOf(proxies), clientOf(stranger)];
    assert.equal(await ask("a.test", ofA, "of-a"), "ExternalMetricValueList");
    assert.equal(await ask("b.test", ofB, "of-b"), "ExternalMetricValueList");
    assert.equal(await ask("b.test", ofA, "of-b"), "Status401");
    assert.equal(await ask("a.test", ofB, "of-a"), "Status401");
    assert.equal(await ask("a.test", ofA, "of-b"), "Status404");
    assert.match(await ask("c.test", ofA, "of-a"), /no cluster/);
  });
});

import assert from "node:assert/strict";
import dns from "node:dns";
import http from "node:http";
import { describe, type TestContext, test } from "node:test";
import { Secret } from "../../../lib/config/secret.ts";
import { createTransport } from "../../../lib/http/client.ts";
import { refuseInwardHost } from "../../../lib/http/publicaddress.ts";
import { ask } from "./support/ask.ts";
import { clientWith, plainClient } from "./support/config.ts";
import { serve } from "./support/server.ts";

const refusal = /is a loopback or link-local address, which is not reached from the cloud/;

describe("an address that leads inwards", () => {
  const inward = [
    "127.0.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "0.0.0.0",
    "169.254.169.254",
    "169.254.170.2",
    "127.0.0.1.",
    "[::]",
    "[::1]",
    "[fe80::1]",
    "[febf::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[fd00:ec2::254]",
    "[fd00:ec2::23]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::169.254.169.254]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
  ];
  for (const host of inward) {
    test(`is refused: ${host}`, () =>
      assert.throws(() => refuseInwardHost(new URL(`http://${host}/`)), refusal));
  }

  for (const host of [
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "8.8.8.8",
    "[fd00::1]",
    "[2001:db8::1]",
    "[64:ff9b::8.8.8.8]",
  ]) {
    test(`is not one of a network: ${host}`, () => refuseInwardHost(new URL(`http://${host}/`)));
  }
});

/** `public.test` is a server of this test; `inward.test` is a name that leads to the metadata address. */
const withNames = (t: TestContext, port: number) => {
  const addresses: Record<string, string> = {
    "public.test": "203.0.113.7",
    "inward.test": "169.254.169.254",
  };
  const lookup = (host: string, options: dns.LookupOptions, done: (...answer: unknown[]) => void) => {
    const address = addresses[host] ?? "203.0.113.8";
    if (options.all) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  };
  t.mock.method(dns, "lookup", lookup as never);
  const agent = http.Agent.prototype as unknown as {
    createConnection(options: http.RequestOptions, done: unknown): unknown;
  };
  const original = agent.createConnection;
  const connected: unknown[] = [];
  t.mock.method(
    agent,
    "createConnection",
    function (this: unknown, options: http.RequestOptions, done: unknown) {
      connected.push(options.host);
      const there = options.host === "public.test" ? { ...options, host: "127.0.0.1", port } : options;
      return original.call(this, there, done);
    },
  );
  return connected;
};

describe("in the cloud", () => {
  for (const place of [
    "http://169.254.169.254/latest/",
    "http://[::ffff:127.0.0.1]/",
    "http://inward.test/",
  ]) {
    test(`a redirect to ${place} is not followed, whatever its name resolves to`, async (t) => {
      const { url } = await serve(
        t,
        (_request, response) => void response.writeHead(302, { location: place }).end(),
      );
      withNames(t, Number(url.port));
      const transport = createTransport(plainClient, { publicOnly: true });
      t.after(() => transport.close());
      await assert.rejects(ask(transport, new URL("http://public.test/from")), refusal);
    });
  }

  for (const place of ["http://127.0.0.1:9001", "http://inward.test:3128", "http://[::1]:3128"]) {
    for (const target of ["http://public.test/", "https://public.test/"]) {
      test(`${place} is no proxy for ${target}`, async (t) => {
        const connected = withNames(t, 1);
        const proxy = { url: new Secret(place), fromEnvironment: false, connectHeader: {} };
        const transport = createTransport(clientWith({ proxy }), { publicOnly: true });
        t.after(() => transport.close());
        await assert.rejects(ask(transport, new URL(target)), refusal);
        assert.ok(!connected.includes("127.0.0.1"));
      });
    }
  }

  test("an inward address is not reached through a proxy either", async (t) => {
    const { url } = await serve(t, (_request, response) => void response.end("proxied"));
    withNames(t, Number(url.port));
    const proxy = { url: new Secret("http://public.test:3128"), fromEnvironment: false, connectHeader: {} };
    const transport = createTransport(clientWith({ proxy }), { publicOnly: true });
    t.after(() => transport.close());
    assert.equal((await ask(transport, new URL("http://other.test/"))).body, "proxied");
    await assert.rejects(ask(transport, new URL("http://169.254.169.254/")), refusal);
  });
});

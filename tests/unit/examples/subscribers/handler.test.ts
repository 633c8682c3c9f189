import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import {
  answering,
  batchOf,
  canonical,
  group,
  hashOf,
  secret,
  serverFor,
  token,
  webhookFor,
} from "./world.ts";

const none = { batchItemFailures: [] };
const failed = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("the webhook subscriber", () => {
  test("posts the change with its group, signed so that Standard Webhooks' own library believes it", async (context) => {
    const server = await serverFor(context, answering(204));
    const { run } = webhookFor({ webhook: `${server.url}/hook?x=1` });
    assert.deepEqual(await run(batchOf({ news: "that nobody knows yet" })), none);
    const { method, path, headers, body } = server.received[0]!;
    assert.deepEqual([method, path, headers["content-type"]], ["POST", "/hook?x=1", "application/json"]);
    const verified = new Webhook(secret).verify(body, headers);
    assert.deepEqual(verified, {
      type: "target_group.changed",
      timestamp: "2026-11-22T12:00:00.000Z",
      data: {
        provider: "kubernetes/3f9a1c0b7d24",
        cluster: "prod-eu",
        jobs: ["pods"],
        change: "updated",
        version: { epoch: 1795348800, sequence: 17 },
        hash: hashOf(canonical(group)),
        group,
      },
    });
    const other = new Webhook(`whsec_${Buffer.from("another key").toString("base64")}`);
    assert.throws(() => other.verify(body, headers));
    assert.throws(() => new Webhook(secret).verify(body.replace("8080", "8081"), headers));
  });

  test("gives every delivery of one change one key, and no two changes the same", async (context) => {
    const server = await serverFor(context, answering(204));
    const { run } = webhookFor({ webhook: server.url });
    const changes = [
      {},
      { version: { epoch: 1795348800, sequence: 18 } },
      { version: { epoch: 1795348801, sequence: 17 } },
      { provider: "kubernetes/000000000000" },
      { cluster: "prod-us" },
    ];
    for (const _ of ["once", "again"]) await run(batchOf(...changes));
    const keys = server.received.map(({ headers }) => headers["webhook-id"] ?? "");
    assert.equal(keys.length, 10);
    assert.equal(new Set(keys).size, 5);
    assert.match(keys[0] ?? "", /^1795348800-1[78]-[0-9a-f]{16}$|^1795348801-17-[0-9a-f]{16}$/);
  });

  test("reports what the webhook did not take, and only that", async (context) => {
    const statuses = new Map([
      ["1", 200],
      ["2", 500],
      ["3", 302],
      ["4", 410],
    ]);
    const server = await serverFor(context, ({ body }, response) => {
      const sequence = String(JSON.parse(body).data.version.sequence);
      response.writeHead(statuses.get(sequence) ?? 400, { location: "/elsewhere" }).end();
    });
    const { run, told } = webhookFor({ webhook: server.url });
    const changes = [1, 2, 3, 4].map((sequence) => ({ version: { epoch: 1, sequence } }));
    assert.deepEqual(await run(batchOf(...changes)), failed("m1", "m2", "m3"));
    assert.deepEqual(
      server.received.map(({ path }) => path),
      ["/", "/", "/", "/"],
    );
    for (const status of [500, 302, 410])
      assert.match(told.join(), new RegExp(`the webhook answered ${status}`));
  });

  test("waits no longer than it is told for an answer, begun or not", async (context) => {
    const silent = await serverFor(context, () => {});
    const halting = await serverFor(context, (_, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("so");
    });
    for (const server of [silent, halting]) {
      const { run, told } = webhookFor({ webhook: server.url, change: { timeout: 100 } });
      assert.deepEqual(await run(batchOf({})), failed("m0"));
      assert.match(told.join(), /the webhook: no whole answer within 100 ms/);
    }
  });

  test("reads no endless answer", async (context) => {
    const server = await serverFor(context, answering(200, "x".repeat(65_537)));
    const { run, told } = webhookFor({ webhook: server.url });
    assert.deepEqual(await run(batchOf({})), failed("m0"));
    assert.match(told.join(), /the webhook: an answer of over 65536 bytes/);
  });

  test("does not reach loopback and link-local addresses unless told, whatever name they hide behind", async (context) => {
    const server = await serverFor(context, answering(204));
    const hosts = [
      ...["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "2130706433"],
      ...["169.254.169.254", "[fd00:ec2::254]", "[fe80::1]"],
    ];
    for (const host of hosts) {
      const webhookUrl = new URL(`http://${host}:${server.port}/`);
      const { run, told } = webhookFor({ webhook: server.url, change: { webhookUrl, isLocal: false } });
      assert.deepEqual(await run(batchOf({})), failed("m0"), host);
      assert.match(told.join(), /a loopback or link-local address is not reached from here/, host);
    }
    assert.deepEqual(server.received, []);
  });

  test("reports what it cannot read, with the reason, and hands on the rest", async (context) => {
    const server = await serverFor(context, answering(204));
    const { run, told } = webhookFor({ webhook: server.url });
    const claim = { source: "a", key: "k", bytes: 1, href: "h" };
    const batch = batchOf({ schema: 2 }, { claim }, { group: undefined }, { hash: "x" }, {});
    batch.Records.push({ messageId: "m5", body: "no JSON, and a secret" });
    assert.deepEqual(await run(batch), failed("m0", "m1", "m2", "m3", "m5"));
    assert.equal(server.received.length, 1);
    const said = told.join("\n");
    assert.match(said, /detail\.schema is 2; this version reads schema 1/);
    assert.match(said, /exactly one of group and claim/);
    assert.match(said, /hash/);
    assert.match(said, /the message is no JSON/);
    assert.doesNotMatch(said, /and a secret/);
  });
});

describe("a group that travels by claim check", () => {
  const large = {
    ...group,
    targets: Array.from({ length: 3000 }, (_, i) => ({ __address__: `10.0.0.1:${i}` })),
  };
  const text = canonical(large);
  const hash = hashOf(text);
  const href = `api/v1/claims/kubernetes/3f9a1c0b7d24/${hash}`;
  const claiming = (more: object = {}) => ({
    group: undefined,
    hash,
    claim: { source: group.source, key: "k", bytes: text.length, href, ...more },
  });

  test("is fetched at the door with the token, below the door's path, and handed on whole", async (context) => {
    const door = await serverFor(context, ({ headers, path }, response) => {
      const isKnown = headers.authorization === `Bearer ${token}` && path === `/prod/${href}`;
      response.writeHead(isKnown ? 200 : 404).end(text);
    });
    const server = await serverFor(context, answering(204));
    for (const base of [`${door.url}/prod`, `${door.url}/prod/`]) {
      const { run, told } = webhookFor({ webhook: server.url, door: base });
      assert.deepEqual(await run(batchOf(claiming())), none, told.join());
    }
    const { data } = JSON.parse(server.received[0]?.body ?? "");
    assert.deepEqual(data.group, large);
    assert.equal(data.claim, undefined);
    assert.equal(server.received[0]?.headers.authorization, undefined);
  });

  test("is taken in any spelling of its JSON, with any label", async (context) => {
    const odd = '{"labels":{"1":"x","__proto__":"y","b":"z"},"source":"pod/shop/web-1","targets":[]}';
    const spelt =
      '{ "targets": [], "labels": {"b":"z","__proto__":"y","1":"x"}, "source": "pod/shop/web-1" }';
    const door = await serverFor(context, answering(200, spelt));
    const server = await serverFor(context, answering(204));
    const { run, told } = webhookFor({ webhook: server.url, door: door.url });
    assert.deepEqual(
      await run(batchOf({ ...claiming({ bytes: spelt.length }), hash: hashOf(odd) })),
      none,
      told.join(),
    );
    assert.match(server.received[0]?.body ?? "", /"__proto__":"y"/);
  });

  test("is not handed on when it is gone, another, longer than announced, or elsewhere", async (context) => {
    const server = await serverFor(context, answering(204));
    const cases: [RegExp, number, string, object][] = [
      [/the claim answered 404/, 404, "", {}],
      [/the claim answered 301/, 301, "", {}],
      [/the claim is not what its event says/, 200, text.replace("10.0.0.1", "10.0.0.2"), {}],
      [/the claim is not what its event says/, 200, text, { source: "pod/shop/web-2" }],
      [/an answer of over 10 bytes/, 200, text, { bytes: 10 }],
      [/has 32000001 bytes; at most 32000000 are read/, 200, text, { bytes: 32_000_001 }],
      [/leads away from the door/, 200, text, { href: "https://elsewhere.example/x" }],
      [/leads away from the door/, 200, text, { href: "//elsewhere.example/x" }],
      [/leads away from the door/, 200, text, { href: "../x" }],
      [/the claimed group is no JSON/, 200, "<html>", {}],
    ];
    for (const [reason, status, body, more] of cases) {
      const door = await serverFor(context, answering(status, body));
      const { run, told } = webhookFor({ webhook: server.url, door: `${door.url}/prod` });
      assert.deepEqual(await run(batchOf(claiming(more))), failed("m0"), String(reason));
      assert.match(told.join(), reason);
      assert.ok(!told.join().includes(token) && !told.join().includes(secret));
    }
    assert.deepEqual(server.received, []);
  });
});

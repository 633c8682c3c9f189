import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { createEventBridge } from "../../../../local/bus/eventbridge.ts";
import type { BusEvent, Rule } from "../../../../local/bus/rule.ts";
import { makeCredentials } from "../../../../local/credentials.ts";
import { startEndpoint } from "../../../../local/endpoint.ts";
import { createTurnedClock, settle } from "../turnedclock.ts";

const rule = (name: string, bus: string, pattern: object): Rule => ({
  name,
  arn: `arn:aws:events:eu-central-1:000000000000:rule/${bus}/${name}`,
  bus,
  pattern,
  targets: [{ arn: `target-of-${name}`, maximumAge: 60_000, maximumAttempts: 0 }],
});

const start = async (
  context: TestContext,
  rules: readonly Rule[] = [rule("all", "main", { source: [{ exists: true }] })],
) => {
  const credentials = makeCredentials();
  const endpoint = await startEndpoint(credentials);
  context.after(endpoint.close);
  const delivered: { event: BusEvent; target: string }[] = [];
  const delivering = {
    deliver: (text: string, _rule: Rule, { arn }: Rule["targets"][number]) => {
      delivered.push({ event: JSON.parse(text), target: arn });
    },
    waiting: 0,
  };
  const buses = { names: ["default", "main"], rules, account: "000000000000", region: "eu-central-1" };
  endpoint.serve([createEventBridge({ buses, clock: createTurnedClock(), delivering })]);
  const client = new EventBridgeClient({
    endpoint: endpoint.url,
    region: "eu-central-1",
    credentials,
    maxAttempts: 1,
  });
  context.after(() => client.destroy());
  const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
  return { client, put, delivered };
};

const entry = (more: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: "main",
  Source: "test",
  DetailType: "Test",
  Detail: '{"n":1}',
  ...more,
});

test("eventbridge: an entry reaches the target in EventBridge's envelope", async (context) => {
  const { put, delivered } = await start(context);
  const { FailedEntryCount, Entries } = await put(entry({ Resources: ["arn:r"] }));
  assert.equal(FailedEntryCount, 0);
  await settle();
  assert.deepEqual(delivered, [
    {
      target: "target-of-all",
      event: {
        version: "0",
        id: Entries?.[0]?.EventId,
        "detail-type": "Test",
        source: "test",
        account: "000000000000",
        time: "2026-01-02T03:04:05Z",
        region: "eu-central-1",
        resources: ["arn:r"],
        detail: { n: 1 },
      },
    },
  ]);
  assert.match(Entries?.[0]?.EventId ?? "", /^[0-9a-f-]{36}$/);
});

test("eventbridge: an entry's own time is told in whole seconds", async (context) => {
  const { put, delivered } = await start(context);
  await put(entry({ Time: new Date("2020-02-03T04:05:06Z") }));
  await settle();
  assert.equal(delivered[0]?.event.time, "2020-02-03T04:05:06Z");
});

test("eventbridge: buses are told apart by their whole name, and known by their ARN", async (context) => {
  const rules = [rule("one", "main", { source: ["test"] }), rule("two", "default", { source: ["test"] })];
  const { put, delivered } = await start(context, rules);
  await put({ Source: "test", DetailType: "Test", Detail: "{}" });
  await put(entry({ EventBusName: "arn:aws:events:eu-central-1:000000000000:event-bus/main" }));
  const { Entries } = await put(entry({ EventBusName: "mai" }));
  await settle();
  assert.deepEqual(
    delivered.map(({ target }) => target),
    ["target-of-two", "target-of-one"],
  );
  assert.equal(Entries?.[0]?.ErrorCode, "ResourceNotFoundException");
});

test("eventbridge: only rules whose pattern matches get the event", async (context) => {
  const rules = [rule("yes", "main", { detail: { n: [1] } }), rule("no", "main", { detail: { n: [2] } })];
  const { put, delivered } = await start(context, rules);
  await put(entry());
  await settle();
  assert.deepEqual(
    delivered.map(({ target }) => target),
    ["target-of-yes"],
  );
});

const faults: readonly [string, PutEventsRequestEntry, string][] = [
  ["a detail that is no JSON", { Detail: "{" }, "MalformedDetail"],
  ["a detail that is no object", { Detail: "[1]" }, "MalformedDetail"],
  ["no source", { Source: "" }, "InvalidArgument"],
  ["no detail type", { DetailType: "" }, "InvalidArgument"],
  ["no detail", { Detail: "" }, "InvalidArgument"],
  ["a source of AWS", { Source: "aws.ec2" }, "NotAuthorizedForSource"],
];

for (const [name, fault, code] of faults) {
  test(`eventbridge: ${name} fails this entry and not its neighbour`, async (context) => {
    const { put, delivered } = await start(context);
    const { FailedEntryCount, Entries } = await put(entry(fault), entry());
    assert.equal(FailedEntryCount, 1);
    assert.equal(Entries?.[0]?.ErrorCode, code);
    assert.ok(Entries?.[1]?.EventId);
    await settle();
    assert.equal(delivered.length, 1);
  });
}

test("eventbridge: no more than ten entries, and at least one", async (context) => {
  const { put } = await start(context);
  assert.equal((await put(...Array.from({ length: 10 }, () => entry()))).FailedEntryCount, 0);
  await assert.rejects(put(...Array.from({ length: 11 }, () => entry())), { name: "ValidationException" });
  await assert.rejects(put(), { name: "ValidationException" });
});

test("eventbridge: entries of 256 KB together pass, one byte more does not", async (context) => {
  const { put } = await start(context);
  const rest = "test".length + "Test".length;
  const detail = (bytes: number) => `{"x":"${"x".repeat(bytes - 8)}"}`;
  const most = 256 * 1024 - rest;
  assert.equal((await put(entry({ Detail: detail(most) }))).FailedEntryCount, 0);
  const tooLong = { name: "ValidationException", message: /over the limit/ };
  await assert.rejects(put(entry({ Detail: detail(most + 1) })), tooLong);
  await assert.rejects(put(entry({ Detail: detail(most - 13), Time: new Date() })), tooLong);
});

test("eventbridge: patterns can be tried, and a bad one is refused by name", async (context) => {
  const { client } = await start(context);
  const tried = (EventPattern: string) =>
    client.send(new TestEventPatternCommand({ EventPattern, Event: '{"source":"a"}' }));
  assert.equal((await tried('{"source":["a"]}')).Result, true);
  assert.equal((await tried('{"source":["b"]}')).Result, false);
  await assert.rejects(tried('{"source":[{"perfix":"b"}]}'), {
    name: "InvalidEventPatternException",
    message: /perfix/,
  });
});

test("eventbridge: lists the rules of a bus", async (context) => {
  const { client } = await start(context);
  const { Rules } = await client.send(new ListRulesCommand({ EventBusName: "main" }));
  assert.deepEqual(
    Rules?.map(({ Name, EventPattern }) => [Name, EventPattern]),
    [["all", '{"source":[{"exists":true}]}']],
  );
  assert.deepEqual((await client.send(new ListRulesCommand({}))).Rules, []);
});

test("eventbridge: a rule with a broken pattern refuses the start", () => {
  const buses = { names: ["main"], rules: [rule("bad", "main", { a: [] })], account: "0", region: "r" };
  const delivering = { deliver: () => {}, waiting: 0 };
  assert.throws(
    () => createEventBridge({ buses, clock: createTurnedClock(), delivering }),
    /a must not be an empty array/,
  );
});

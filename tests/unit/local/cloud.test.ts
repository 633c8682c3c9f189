import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
} from "@aws-sdk/client-eventbridge";
import { systemClock } from "../../../lib/clock.ts";
import { startCloud } from "../../../local/cloud.ts";
import { listen } from "../../../local/gateway/gateway.ts";
import { printTemplate } from "../../../local/template/print.ts";
import { eventually, temporaryFolder } from "./temporary.ts";

const root = resolve(import.meta.dirname, "../../..");
const from = (module: string) => JSON.stringify(import.meta.resolve(module));

/** Small handlers in the places of the real ones: a tick looks, a look announces, reduce writes, serve reads. */
const handlers = {
  tick: `
    import { EventBridgeClient, PutEventsCommand } from ${from("@aws-sdk/client-eventbridge")};
    const bus = new EventBridgeClient();
    export const handler = async (event) => {
      if (event.httpMethod) return { statusCode: 200, body: "reloaded" };
      await bus.send(new PutEventsCommand({ Entries: [{ EventBusName: process.env.BUS_NAME, Source: "rollcall.discovery",
        DetailType: "Discovery Due", Detail: JSON.stringify({ cluster: "one" }) }] }));
    };`,
  discover: `
    import { EventBridgeClient, PutEventsCommand } from ${from("@aws-sdk/client-eventbridge")};
    const bus = new EventBridgeClient();
    export const handler = async ({ detail }) => {
      const Entries = ["a", "b", "poison"].map((source) => ({ EventBusName: process.env.BUS_NAME, Source: "rollcall.discovery",
        DetailType: "Target Group Changed", Detail: JSON.stringify({ cluster: detail.cluster, source }) }));
      await bus.send(new PutEventsCommand({ Entries }));
    };`,
  relay: "export const handler = async () => {};",
  collect: "export const handler = async () => {};",
  relist: "export const handler = async () => {};",
  adapt: "export const handler = async () => {};",
  model: "export const handler = awslambda.streamifyResponse(async () => {});",
  reduce: `
    import { DynamoDBClient, PutItemCommand } from ${from("@aws-sdk/client-dynamodb")};
    import { SQSClient, SendMessageCommand } from ${from("@aws-sdk/client-sqs")};
    const table = new DynamoDBClient(), queues = new SQSClient();
    const TableName = process.env.TABLE_NAME;
    export const handler = async ({ Records }) => {
      for (const { body } of Records) {
        const { detail } = JSON.parse(body);
        if (detail.source === "poison") {
          await queues.send(new SendMessageCommand({ QueueUrl: process.env.DEAD_LETTER_URL, MessageBody: body,
            MessageAttributes: { Reason: { DataType: "String", StringValue: "poison" } } }));
          continue;
        }
        await table.send(new PutItemCommand({ TableName, Item: { pk: { S: detail.cluster }, sk: { S: detail.source } } }));
      }
      return { batchItemFailures: [] };
    };`,
  serve: `
    import { DynamoDBClient, QueryCommand } from ${from("@aws-sdk/client-dynamodb")};
    const table = new DynamoDBClient();
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      const { Items } = await table.send(new QueryCommand({ TableName: process.env.TABLE_NAME, KeyConditionExpression: "pk = :p",
        ExpressionAttributeValues: { ":p": { S: "one" } }, ConsistentRead: true }));
      const body = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { "Content-Type": "application/json" } });
      body.end(JSON.stringify(Items.map(({ sk }) => sk.S)));
    });`,
};

const start = async (context: TestContext, dataDir: string) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "functions"));
  for (const [name, text] of Object.entries(handlers))
    writeFileSync(join(folder, "functions", `${name}.mjs`), text);
  const before = { ...process.env };
  const lines: string[] = [];
  const cloud = await startCloud({
    printed: await printTemplate(root, join(root, "node_modules", ".cache", "rollcall")),
    root: folder,
    dataDir,
    variables: { CONFIG_FILE: "x" },
    clock: systemClock,
    random: () => 0,
    log: (line) => lines.push(line),
  });
  const gateway = await listen({ host: "127.0.0.1", port: 0 });
  gateway.open({ routes: cloud.template.routes, functions: cloud.functions, clock: systemClock });
  const close = async () => {
    await gateway.close(100);
    await cloud.close();
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
  return { cloud, gateway, lines, close };
};

const sources = async (url: string) => {
  const answer = await fetch(`${url}/sd/any`);
  const found: string[] = JSON.parse(await answer.text());
  return found.length === 2 ? found : undefined;
};

test("cloud: schedule, bus, queue, table and door work together as the real template says, and keep their state", async (context) => {
  const dataDir = temporaryFolder(context);
  const first = await start(context, dataDir);
  assert.equal(process.env.CONFIG_FILE, "x");
  first.cloud.startSchedules();
  assert.deepEqual(await eventually(() => sources(first.gateway.url)), ["a", "b"]);
  const reload = await fetch(`${first.gateway.url}/-/reload`, { method: "POST" });
  assert.equal(await reload.text(), "reloaded");
  const dead = () => first.cloud.queues.find(({ definition }) => definition.name.endsWith("DeadLetters"));
  await eventually(() => (dead()?.counts().visible === 1 ? true : undefined));
  assert.deepEqual(first.lines, []);
  await first.close();

  const second = await start(context, dataDir);
  assert.deepEqual(await sources(second.gateway.url), ["a", "b"]);
  const kept = second.cloud.queues.find(({ definition }) => definition.name.endsWith("DeadLetters"));
  const [letter] = kept?.receive({ most: 1 }) ?? [];
  assert.equal(letter?.message.attributes.Reason?.StringValue, "poison");
  await second.close();
});

test("cloud: with what its functions have in their environment the bus is reached, and with nothing else", async (context) => {
  const { cloud, close } = await start(context, temporaryFolder(context));
  context.after(close);
  const entry = { EventBusName: "rollcall-dev", Source: "test", DetailType: "Nobody's", Detail: "{}" };
  const put = async (more: EventBridgeClientConfig) => {
    const client = new EventBridgeClient({ endpoint: cloud.endpoint, region: "eu-central-1", ...more });
    context.after(() => client.destroy());
    return (await client.send(new PutEventsCommand({ Entries: [entry] }))).FailedEntryCount;
  };
  assert.equal(await put({}), 0);
  await assert.rejects(put({ credentials: { accessKeyId: "local", secretAccessKey: "local" } }), {
    name: "UnrecognizedClientException",
  });
});

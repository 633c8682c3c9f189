import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { type TestContext, test } from "node:test";
import {
  ConditionalCheckFailedException,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Credentials, makeCredentials } from "../../../../local/credentials.ts";
import { ensureTable, type TableDefinition } from "../../../../local/table/dynamodb.ts";
import { startTable } from "../../../../local/table/table.ts";
import { eventually, temporaryFolder } from "../temporary.ts";

const definition: TableDefinition = {
  name: "rollcall-test",
  properties: {
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
      { AttributeName: "moved", AttributeType: "N" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: "moved",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "moved", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["epoch"] },
      },
    ],
    TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
  },
};
const TableName = definition.name;

const own = makeCredentials();
const { accessKeyId } = own;

const clientOf = (endpoint: string, context: TestContext, credentials: Credentials = own) => {
  const client = new DynamoDBClient({ endpoint, region: "eu-central-1", credentials, maxAttempts: 1 });
  context.after(() => client.destroy());
  return client;
};

const start = async (
  context: TestContext,
  options: { dataDir?: string; sweepMilliseconds?: number } = {},
) => {
  const dataDir = options.dataDir ?? temporaryFolder(context);
  const table = await startTable({ ...options, dataDir, accessKeyId });
  const client = clientOf(table.endpoint, context);
  await ensureTable(definition, client);
  return { dataDir, table, client };
};

const item = (sk: string, more: Record<string, { N: string } | { S: string }> = {}) => ({
  pk: { S: "p" },
  sk: { S: sk },
  ...more,
});
const get = async (client: DynamoDBClient, sk: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: item(sk), ConsistentRead: true }))).Item;

test("table: items, the index and time to live are there, and are still there after a restart", async (context) => {
  const first = await start(context);
  await first.client.send(
    new PutItemCommand({ TableName, Item: item("a", { moved: { N: "5" }, epoch: { N: "1" } }) }),
  );
  await first.table.close();
  const { client, table } = await start(context, { dataDir: first.dataDir });
  context.after(() => table.close());
  const query = {
    TableName,
    IndexName: "moved",
    KeyConditionExpression: "pk = :p",
    ExpressionAttributeValues: { ":p": { S: "p" } },
  };
  const { Items } = await client.send(new QueryCommand({ ...query, ConsistentRead: true }));
  assert.deepEqual(Items, [item("a", { moved: { N: "5" }, epoch: { N: "1" } })]);
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  assert.deepEqual(TimeToLiveDescription, { TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
});

test("table: expired items really go, others stay", async (context) => {
  const { client, table } = await start(context, { sweepMilliseconds: 50 });
  context.after(() => table.close());
  const seconds = Math.floor(Date.now() / 1000);
  await client.send(
    new PutItemCommand({ TableName, Item: item("gone", { expires: { N: String(seconds - 10) } }) }),
  );
  await client.send(
    new PutItemCommand({ TableName, Item: item("alive", { expires: { N: String(seconds + 1000) } }) }),
  );
  await client.send(new PutItemCommand({ TableName, Item: item("no number", { expires: { S: "1" } }) }));
  await client.send(new PutItemCommand({ TableName, Item: item("forever") }));
  await eventually(async () => ((await get(client, "gone")) === undefined ? true : undefined));
  for (const sk of ["alive", "no number", "forever"]) assert.ok(await get(client, sk), sk);
});

test("table: a failed condition tells the item when asked, for a put and for an update", async (context) => {
  const { client, table } = await start(context);
  context.after(() => table.close());
  await client.send(new PutItemCommand({ TableName, Item: item("a", { epoch: { N: "7" } }) }));
  const asked = {
    TableName,
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  };
  const put = new PutItemCommand({ ...asked, Item: item("a", { epoch: { N: "8" } }) });
  const update = new UpdateItemCommand({ ...asked, Key: item("a"), UpdateExpression: "REMOVE epoch" });
  for (const command of [() => client.send(put), () => client.send(update)]) {
    await assert.rejects(command, (error) => {
      assert.ok(error instanceof ConditionalCheckFailedException);
      assert.deepEqual(error.Item, item("a", { epoch: { N: "7" } }));
      return true;
    });
  }
});

test("table: of fifty racers one wins", async (context) => {
  const { client, table } = await start(context);
  context.after(() => table.close());
  const racers = Array.from({ length: 50 }, (_, n) =>
    client.send(
      new PutItemCommand({
        TableName,
        Item: item("race", { epoch: { N: String(n) } }),
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    ),
  );
  const results = await Promise.allSettled(racers);
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
});

test("table: refuses a Host that is not loopback", async (context) => {
  const { table } = await start(context);
  context.after(() => table.close());
  const sent = request(table.endpoint, {
    method: "POST",
    headers: { host: "rollcall.example", "x-amz-target": "DynamoDB_20120810.ListTables" },
  });
  sent.end("{}");
  const [response] = await once(sent, "response");
  assert.equal(response.statusCode, 400);
  response.resume();
});

test("table: who does not have the access key is refused as AWS refuses him, and changes nothing", async (context) => {
  const { client, table } = await start(context);
  context.after(() => table.close());
  const stranger = clientOf(table.endpoint, context, makeCredentials());
  const put = new PutItemCommand({ TableName, Item: item("planted") });
  await assert.rejects(stranger.send(put), { name: "UnrecognizedClientException" });
  assert.equal(await get(client, "planted"), undefined);
  await assert.rejects(get(stranger, "planted"), { name: "UnrecognizedClientException" });
});

test("table: a table with other keys in the folder is refused by name", async (context) => {
  const { client, table } = await start(context);
  context.after(() => table.close());
  const other = { ...definition, properties: { ...definition.properties, LocalSecondaryIndexes: undefined } };
  await assert.rejects(ensureTable(other, client), /table rollcall-test in the data folder has other keys/);
});

/** A process of its own that has the folder. */
const otherProcess = async (context: TestContext, dataDir: string) => {
  const module = new URL("../../../../local/table/table.ts", import.meta.url).href;
  const script = `const { startTable } = await import(${JSON.stringify(module)});
    const table = await startTable(${JSON.stringify({ dataDir, accessKeyId })});
    console.log(table.endpoint); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  context.after(() => void child.kill("SIGKILL"));
  const [endpoint] = await once(child.stdout, "data");
  return { child, endpoint: String(endpoint).trim() };
};

test("table: a second process on one folder is told in one line, and the first goes on; after a kill -9 the folder is free", async (context) => {
  const dataDir = temporaryFolder(context);
  const { child, endpoint } = await otherProcess(context, dataDir);
  const client = clientOf(endpoint, context);
  await ensureTable(definition, client);
  await assert.rejects(startTable({ dataDir, accessKeyId }), {
    message: `another Rollcall is using ${dataDir} (LevelDB lock)`,
  });
  await client.send(new PutItemCommand({ TableName, Item: item("kept") }));
  child.kill("SIGKILL");
  await once(child, "exit");
  const after = await start(context, { dataDir });
  context.after(() => after.table.close());
  assert.ok(await get(after.client, "kept"));
});

test("table: after a kill -9 in the middle of writes the index tells of what the items have", async (context) => {
  const dataDir = temporaryFolder(context);
  for (let round = 1; round <= 3; round += 1) {
    const { child, endpoint } = await otherProcess(context, dataDir);
    const client = clientOf(endpoint, context);
    await ensureTable(definition, client);
    const written = Promise.allSettled(
      Array.from({ length: 300 }, (_, index) => {
        const state = { N: String(round * 1000 + index) };
        const Item = item(`s${index % 20}`, { moved: state, epoch: state });
        return client.send(new PutItemCommand({ TableName, Item })).then(() => {
          if (index === 20 * round) child.kill("SIGKILL");
        });
      }),
    );
    await once(child, "exit");
    await written;
  }
  const { client, table } = await start(context, { dataDir });
  context.after(() => table.close());
  const states = async (more: object) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :p",
        ExpressionAttributeValues: { ":p": { S: "p" } },
        ...more,
      }),
    );
    return Items.map(({ sk, moved, epoch }) => `${sk?.S} ${moved?.N} ${epoch?.N}`).sort();
  };
  assert.deepEqual(await states({ IndexName: "moved" }), await states({ ConsistentRead: true }));
});

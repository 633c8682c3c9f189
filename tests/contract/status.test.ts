import assert from "node:assert/strict";
import { test } from "node:test";
import { createDynamoDeadLetterCount } from "../../lib/deadletter/dynamodb.ts";
import { createMemoryDeadLetterCount } from "../../lib/deadletter/memory.ts";
import { createDynamoLag, createDynamoReleases, createDynamoStatuses } from "../../lib/pool/dynamodb.ts";
import { createMemoryLag, createMemoryReleases, createMemoryStatuses } from "../../lib/pool/memory.ts";
import { status as recordOf } from "../fakes/providers.ts";
import { settableClock } from "./clock.ts";
import { deadLetterCountContract, lagContract, releaseContract, statusContract } from "./status.ts";
import { startTable } from "./table.ts";

const nextTable = startTable();
const silent = { warn: () => undefined };

statusContract("memory", async () => createMemoryStatuses());
statusContract("DynamoDB", async () => createDynamoStatuses(await nextTable(), silent));

releaseContract("memory", async () => createMemoryReleases());
releaseContract("DynamoDB", async () => createDynamoReleases(await nextTable(), Date.now));

deadLetterCountContract("memory", async () => createMemoryDeadLetterCount());
deadLetterCountContract("DynamoDB", async () => createDynamoDeadLetterCount(await nextTable()));

lagContract("memory", async () => {
  const clock = settableClock();
  return { ...clock, lag: createMemoryLag(clock.now) };
});
lagContract("DynamoDB", async () => {
  const clock = settableClock();
  return { ...clock, lag: createDynamoLag(await nextTable(), clock.now) };
});

test("a record that is none is left out and told by the provider's name; the others are there, and it can be written anew", async () => {
  const table = await nextTable();
  const told: unknown[] = [];
  const statuses = createDynamoStatuses(table, {
    warn: (message, fields) => void told.push([message, fields]),
  });
  const [broken, fine] = ["swarm/aaaaaaaaaaaa", "swarm/bbbbbbbbbbbb"];
  const [newer, garbled] = ["swarm/cccccccccccc", "swarm/dddddddddddd"];
  const status = { S: `{"provider":"${broken}"}` };
  await table.put({ pk: { S: "provider" }, sk: { S: broken }, v: { N: "1" }, status });
  await table.put({ pk: { S: "provider" }, sk: { S: newer }, v: { N: "2" } });
  await table.put({ pk: { S: "provider" }, sk: { S: garbled }, v: { N: "1" }, status: { S: "{" } });
  await statuses.put(recordOf({ provider: fine }));
  assert.deepEqual(
    (await statuses.list()).map(({ provider }) => provider),
    [fine],
  );
  assert.deepEqual(told, [
    ["record left out", { reason: `record of provider ${broken}: mechanism is not what a record has there` }],
    ["record left out", { reason: `table item provider / ${newer}: format 2, this version reads format 1` }],
    ["record left out", { reason: `record of provider ${garbled}: it is not what a record has there` }],
  ]);
  await statuses.put(recordOf({ provider: broken }));
  assert.equal((await statuses.list()).length, 2);
});

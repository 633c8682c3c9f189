import assert from "node:assert/strict";
import { test } from "node:test";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createDynamoAccepted } from "../../lib/config/dynamodb.ts";
import { createMemoryAccepted } from "../../lib/config/memory.ts";
import { acceptedContract } from "./accepted.ts";
import { settableClock } from "./clock.ts";
import { startTable } from "./table.ts";

const nextTable = startTable();

acceptedContract("memory", async () => {
  const clock = settableClock();
  const accepted = createMemoryAccepted(clock.now);
  return { ...clock, accepted, other: accepted };
});

const onTable = async () => {
  const clock = settableClock();
  const table = await nextTable();
  const blobs = createDynamoBlobs(table, clock.now);
  const make = () => createDynamoAccepted(table, { blobs, clock: clock.now });
  return { ...clock, table, blobs, accepted: make(), other: make() };
};

acceptedContract("DynamoDB", onTable);

test("a replaced document stays for a day and then goes", async () => {
  const { accepted, blobs, table, pass } = await onTable();
  const blobOf = async () => (await table.get({ pk: "configuration", sk: "current" }))?.blob?.S ?? "";
  const accept = (text: string) =>
    accepted.accept({ main: { path: "p", text }, jobFiles: [], servers: {}, inCluster: false });
  await accept("first");
  const first = await blobOf();
  await accept("second");
  pass(24 * 3_600_000 - 1);
  await accept("third");
  assert.notEqual(await blobs.get(first), undefined);
  pass(1);
  await accept("fourth");
  assert.equal(await blobs.get(first), undefined);
});

import { createDynamoRegistries } from "../../lib/adapter/registry/dynamodb.ts";
import { createMemoryRegistries } from "../../lib/adapter/registry/memory.ts";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { registriesContract } from "./registries.ts";
import { startTable } from "./table.ts";

const makeTable = startTable();

registriesContract("memory", async () => createMemoryRegistries());
registriesContract("DynamoDB", async () => {
  const table = await makeTable();
  return createDynamoRegistries(table, createDynamoBlobs(table, Date.now));
});

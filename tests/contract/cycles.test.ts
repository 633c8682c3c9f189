import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createDynamoCycles } from "../../lib/metrics/cycles/dynamodb.ts";
import { createMemoryCycles } from "../../lib/metrics/cycles/memory.ts";
import { cyclesContract } from "./cycles.ts";
import { startTable } from "./table.ts";

const makeTable = startTable();

cyclesContract("memory", async () => createMemoryCycles());
cyclesContract("DynamoDB", async () => {
  const table = await makeTable();
  return createDynamoCycles(table, createDynamoBlobs(table, Date.now));
});

import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createMemoryBlobs } from "../../lib/blob/memory.ts";
import { createDynamoHistory } from "../../lib/history/dynamodb.ts";
import { createMemoryHistory } from "../../lib/history/memory.ts";
import { createDynamoPool } from "../../lib/pool/dynamodb.ts";
import { createMemoryPool } from "../../lib/pool/memory.ts";
import { settableClock } from "./clock.ts";
import { historyContract } from "./history.ts";
import { startTable } from "./table.ts";

const nextTable = startTable();

historyContract(
  "memory",
  async () => {
    const { now, pass } = settableClock();
    const blobs = createMemoryBlobs(now);
    return { now, pass, blobs, pool: createMemoryPool(now), log: createMemoryHistory() };
  },
  500,
);

historyContract(
  "DynamoDB",
  async () => {
    const { now, pass } = settableClock();
    const table = await nextTable();
    const blobs = createDynamoBlobs(table, now);
    const pool = createDynamoPool(table, { blobs, clock: now });
    return { now, pass, blobs, pool, log: createDynamoHistory(table, now) };
  },
  10,
);

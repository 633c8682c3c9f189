import { createDynamoStore } from "../../lib/metrics/store/dynamodb.ts";
import { createMemoryStore } from "../../lib/metrics/store/memory.ts";
import type { MetricStore } from "../../lib/metrics/store/store.ts";
import { start } from "../unit/metrics/batches.ts";
import { metricStoreContract } from "./metricstore.ts";
import { startTable } from "./table.ts";

const makeTable = startTable();

const fixture = (make: (now: () => number) => MetricStore) => {
  let time = start;
  const now = () => time;
  return {
    store: make(now),
    now,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
};

metricStoreContract("memory", async () => fixture(createMemoryStore));
metricStoreContract("DynamoDB", async () => {
  const table = await makeTable();
  return fixture((now) => createDynamoStore(table, now));
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createDynamoCycles } from "../../lib/metrics/cycles/dynamodb.ts";
import { createMemoryCycles } from "../../lib/metrics/cycles/memory.ts";
import { noTotals } from "../../lib/metrics/cycles/totals.ts";
import { itemAt, number, text } from "../../lib/table/item.ts";
import { cycleRecord, sinkState } from "../fakes/cycles.ts";
import { cyclesContract } from "./cycles.ts";
import { startTable } from "./table.ts";

const makeTable = startTable();

cyclesContract("memory", async () => createMemoryCycles());
describe("a record of a cycle in DynamoDB", () => {
  test("from before there were totals begins them", async () => {
    const table = await makeTable();
    const cycles = createDynamoCycles(table, createDynamoBlobs(table, Date.now));
    const { totals: _, scrapedAt: __, ...old } = cycleRecord({ end: 1 });
    const sinks = { log: { exported: 1, dropped: 0, took: 2 } };
    await table.put(
      itemAt(
        { pk: "metrics", sk: "prod-eu" },
        { finished: number(1), record: text(JSON.stringify({ ...old, sinks })) },
      ),
    );
    const [record] = await cycles.records();
    assert.deepEqual(record?.totals, noTotals);
    assert.deepEqual(record?.sinks.log, sinkState({ took: 2 }));
  });
});

cyclesContract("DynamoDB", async () => {
  const table = await makeTable();
  return createDynamoCycles(table, createDynamoBlobs(table, Date.now));
});

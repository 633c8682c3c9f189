import { createDynamoReaderMarks } from "../../lib/readers/dynamodb.ts";
import { createMemoryReaderMarks } from "../../lib/readers/memory.ts";
import { settableClock } from "./clock.ts";
import { readersContract } from "./readers.ts";
import { startTable } from "./table.ts";

const nextTable = startTable();

readersContract("memory", async () => {
  const clock = settableClock();
  return { ...clock, marks: createMemoryReaderMarks(clock.now) };
});

readersContract("DynamoDB", async () => {
  const clock = settableClock();
  return {
    ...clock,
    marks: createDynamoReaderMarks(await nextTable(), { clock: clock.now, within: 10_000 }),
  };
});

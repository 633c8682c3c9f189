import assert from "node:assert/strict";
import { test } from "node:test";
import { createDynamoReaderMarks } from "../../../lib/readers/dynamodb.ts";
import type { Item, PutOptions } from "../../../lib/table/dynamodb.ts";

test("a mark lies below the prefix that the role of serve may write, expires, and is given up after a tenth of a second", async () => {
  const puts: { item: Item; options: PutOptions | undefined }[] = [];
  const table = {
    put: async (item: Item, options?: PutOptions) => {
      puts.push({ item, options });
      return { written: true };
    },
    query: async function* (): AsyncGenerator<Item[]> {},
  };
  const marks = createDynamoReaderMarks(table, { clock: () => 0 });
  const at = 1_795_000_000_000;
  const reader = { job: "j".repeat(4_000), reader: "r".repeat(4_000), agent: "", shard: undefined };
  await marks.put({ ...reader, at }, 60_000);
  const [put] = puts;
  assert.match(put?.item.pk?.S ?? "", /^reader#[0-9a-f]{32}$/);
  assert.match(put?.item.sk?.S ?? "", /^\d{1,3}$/);
  assert.equal(put?.item.expires?.N, String(at / 1_000 + 7 * 24 * 3_600));
  assert.equal(put?.options?.within, 100);
});

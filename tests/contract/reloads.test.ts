import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDynamoReloads } from "../../lib/config/dynamodb.ts";
import { createMemoryReloads } from "../../lib/config/memory.ts";
import type { Reloads } from "../../lib/config/reload.ts";
import { startTable } from "./table.ts";

const nextTable = startTable();

const makers: Record<string, () => Promise<Reloads>> = {
  "in memory": async () => createMemoryReloads(),
  "on DynamoDB": async () => createDynamoReloads(await nextTable()),
};

for (const [where, make] of Object.entries(makers)) {
  describe(`how reloads went, ${where}`, () => {
    test("is unknown at first, and then what was put last", async () => {
      const reloads = await make();
      assert.equal(await reloads.read(), undefined);
      for (const reload of [
        { successful: false, successAt: 0 },
        { successful: true, successAt: 1_790_000_000_123 },
        { successful: false, successAt: 1_790_000_000_123 },
      ]) {
        await reloads.put(reload);
        assert.deepEqual(await reloads.read(), reload);
      }
    });
  });
}

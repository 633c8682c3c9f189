import assert from "node:assert/strict";
import { test } from "node:test";
import { createDynamoHistory } from "../../../lib/history/dynamodb.ts";
import { noLabelChanges } from "../../../lib/history/labels.ts";
import type { Change } from "../../../lib/history/log.ts";
import { partitionOf } from "../../../lib/history/partition.ts";
import type { Table } from "../../../lib/table/dynamodb.ts";
import { startTable } from "../../contract/table.ts";

const nextTable = startTable();
const at = Date.parse("2026-11-22T12:00:00Z");
const provider = "kubernetes/0123456789ab";

const change = (source: string, sequence: number): Change => ({
  provider,
  source,
  at: at + sequence,
  version: { epoch: 1, sequence },
  before: undefined,
  after: { hash: "00", removed: false, targets: 1 },
  labels: noLabelChanges,
});

test("the history of a quiet source costs one small read, however busy the others of its partition are", async () => {
  const table = await nextTable();
  let items = 0;
  let reads = 0;
  const counting: Table = {
    ...table,
    query: async function* (query) {
      const { filter: _, values: __, ...unfiltered } = query;
      for await (const page of table.query(unfiltered)) {
        reads += 1;
        items += page.length;
        yield page;
      }
    },
  };
  const quiet = partitionOf(provider, "quiet", at);
  const busy = Array.from({ length: 200 }, (_, index) => `busy-${index}`).filter(
    (source) => partitionOf(provider, source, at).shard === quiet.shard,
  );
  const log = createDynamoHistory(counting, () => at);
  const changes = [change("quiet", 1), ...busy.map((source, index) => change(source, index + 2))];
  await log.append({ changes, owners: [], retention: 3_600_000, now: at });
  const found = [];
  for await (const page of log.marks(quiet, { since: 0, until: at + 10_000, source: "quiet" }))
    found.push(...page);
  assert.ok(busy.length > 20);
  assert.deepEqual([found.map(({ source }) => source), reads, items], [["quiet"], 1, 1]);
});

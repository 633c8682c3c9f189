import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogSink } from "../../../../lib/metrics/sinks/log.ts";
import { batchOf, start } from "../batches.ts";

test("the log sink writes a batch out, sorted, times to the nanosecond", async () => {
  const batch = batchOf({
    "node:b": { labels: { type: "node" } },
    "node:a": {
      labels: { type: "node", hostname: 'a"b' },
      values: { "memory/usage": 5, "cpu/usage": [2n ** 60n], "cpu/node_utilization": "0.25" },
      labeled: [{ name: "filesystem/usage", labels: { resource_id: "/" }, type: "gauge", value: 7n }],
      scraped: start,
    },
  });
  const set = batch.sets.get("node:a");
  assert.ok(set);
  set.scraped += 123_456_789n;
  let written = "";
  await createLogSink("log", (text) => (written += text)).export(batch, AbortSignal.abort());
  assert.equal(
    written,
    `batch of prod-eu at 2026-01-01T00:00:00.000Z: 2 sets
node:a
  collection start unknown, created unknown, scraped 2026-01-01T00:00:00.123456789Z
  labels {hostname="a\\"b", type="node"}
    cpu/node_utilization = 0.25 (gauge)
    cpu/usage = 1152921504606846976 (cumulative)
    memory/usage = 5 (gauge)
    filesystem/usage {resource_id="/"} = 7 (gauge)
node:b
  collection start unknown, created unknown, scraped unknown
  labels {type="node"}
`,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { createOwnMetrics } from "../../../../lib/adapter/api/ownmetrics.ts";

const now = Date.UTC(2026, 0, 1);
const ago = (seconds: number) => ({ timestamp: new Date(now - seconds * 1000).toISOString() });

test("how fresh values are: of a list each item counts, whether others are of the same time or not", () => {
  const metrics = createOwnMetrics();
  metrics.handedOut("g", { items: [ago(2), ago(2), ago(400), ago(-5), { timestamp: 1 }] }, now);
  metrics.handedOut("g", ago(2), now);
  metrics.handedOut("none", { items: [] }, now);
  const series = metrics
    .text()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replace("metrics_apiserver_metric_freshness_seconds_", ""));
  assert.equal(series.length, 23);
  for (const line of [
    'bucket{group="g",le="1"} 1',
    'bucket{group="g",le="1.861"} 1',
    'bucket{group="g",le="2.539"} 4',
    'bucket{group="g",le="364.897"} 4',
    'bucket{group="g",le="+Inf"} 5',
    'sum{group="g"} 406',
    'count{group="g"} 5',
  ])
    assert.ok(series.includes(line), `${line} in ${series.join("\n")}`);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CycleRecord } from "../../../lib/metrics/cycles/cycles.ts";
import { createExposition } from "../../../lib/status/exposition.ts";
import { addHeapster } from "../../../lib/status/heapstermetrics.ts";
import { cycleRecord, sinkState } from "../../fakes/cycles.ts";

const end = Date.UTC(2026, 0, 1);
const record = (over: Partial<CycleRecord> = {}) =>
  cycleRecord({
    end,
    nodes: 3,
    failedNodes: 1,
    sets: 40,
    source: "kubernetes.summary_api",
    totals: {
      scrapes: { count: 4, milliseconds: 900 },
      kubelets: { "node-a": { count: 4, milliseconds: 200 } },
      processors: { "rate calculator": { count: 3, milliseconds: 12 } },
    },
    sinks: { influxdb: sinkState({ exported: 5, dropped: 2, tookInAll: 70, lastAt: end + 9_000 }) },
    ...over,
  });

const linesOf = (...records: CycleRecord[]) => {
  const exposition = createExposition();
  addHeapster(records, exposition);
  return exposition.text().split("\n");
};

describe("Heapster's metrics of itself", () => {
  test("tell of scrapes, kubelets, processors and exporters, summaries by sum and count", () => {
    const lines = linesOf(record());
    const of = 'cluster="prod-eu"';
    for (const line of [
      "# TYPE heapster_scraper_duration_milliseconds summary",
      `heapster_scraper_last_time_seconds{source="kubernetes.summary_api",${of}} ${end / 1000 + 5}`,
      `heapster_scraper_duration_milliseconds_sum{source="kubernetes.summary_api",${of}} 900`,
      `heapster_scraper_duration_milliseconds_count{source="kubernetes.summary_api",${of}} 4`,
      `heapster_kubelet_summary_request_duration_milliseconds_sum{node="node-a",${of}} 200`,
      `heapster_processor_duration_milliseconds_sum{processor="rate_calculator",${of}} 12`,
      `heapster_processor_duration_milliseconds_count{processor="rate_calculator",${of}} 3`,
      `heapster_exporter_last_time_seconds{exporter="influxdb",${of}} ${end / 1000 + 9}`,
      `heapster_exporter_duration_milliseconds_sum{exporter="influxdb",${of}} 70`,
      `heapster_exporter_duration_milliseconds_count{exporter="influxdb",${of}} 7`,
      `rollcall_metrics_nodes{${of}} 3`,
      `rollcall_metrics_failed_nodes{${of}} 1`,
      `rollcall_metrics_sets{${of}} 40`,
      `rollcall_metrics_window_timestamp_seconds{${of}} ${end / 1000}`,
      `rollcall_metrics_sink_batches_total{${of},sink="influxdb",outcome="exported"} 5`,
      `rollcall_metrics_sink_batches_total{${of},sink="influxdb",outcome="dropped"} 2`,
    ])
      assert.ok(lines.includes(line), `${line} in\n${lines.join("\n")}`);
  });

  test("call a kubelet's duration by what it is asked for, and are each cluster's own", () => {
    const text = linesOf(record({ source: "kubernetes" }), record({ cluster: "lab" })).join("\n");
    assert.match(
      text,
      /heapster_kubelet_request_duration_milliseconds_count\{node="node-a",cluster="prod-eu"\} 4/,
    );
    assert.match(
      text,
      /heapster_kubelet_summary_request_duration_milliseconds_count\{node="node-a",cluster="lab"\} 4/,
    );
    assert.equal(text.match(/^rollcall_metrics_nodes\{/gm)?.length, 2);
  });

  test("say nothing of kubelets in a record from before they were kept", () => {
    const { source: _, ...old } = record();
    const text = linesOf(old).join("\n");
    assert.doesNotMatch(text, /heapster_(scraper|kubelet)/);
    assert.match(text, /rollcall_metrics_nodes/);
  });
});

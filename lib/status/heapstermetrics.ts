import type { CycleRecord } from "../metrics/cycles/cycles.ts";
import type { Spent } from "../metrics/cycles/totals.ts";
import { counter, type Exposition, gauge, type Metric, summary } from "./exposition.ts";

/**
 * Heapster's metrics of itself by their names (spec A10.5), and what Rollcall tells beside them, of each cluster that metrics are collected of. A
 * summary has its sum and count; `source` is the kind of all kubelets together, which have durations of their own.
 */
export const addHeapster = (cycles: readonly CycleRecord[], exposition: Exposition): void => {
  for (const record of cycles) {
    const { cluster, totals } = record;
    const spent = (
      metric: Metric,
      { count, milliseconds }: Spent,
      label: Readonly<Record<string, string>>,
    ) => {
      const labels = { ...label, cluster };
      exposition.add(metric, milliseconds, { labels, part: "_sum" });
      exposition.add(metric, count, { labels, part: "_count" });
    };
    if (record.source !== undefined) {
      const source = { source: record.source };
      exposition.set(lastScrape, record.scrapedAt / 1000, { labels: { ...source, cluster } });
      spent(scrapeDuration, totals.scrapes, source);
      for (const [node, took] of Object.entries(totals.kubelets))
        spent(kubeletDurations[record.source], took, { node });
    }
    for (const [processor, took] of Object.entries(totals.processors))
      spent(processorDuration, took, { processor: processor.replaceAll(" ", "_") });
    for (const [exporter, state] of Object.entries(record.sinks)) {
      exposition.set(lastExport, state.lastAt / 1000, { labels: { exporter, cluster } });
      const count = state.exported + state.dropped;
      spent(exportDuration, { count, milliseconds: state.tookInAll }, { exporter });
    }
    addOwn(record, exposition);
  }
};

const addOwn = (record: CycleRecord, exposition: Exposition): void => {
  const { cluster } = record;
  const labels = { cluster };
  exposition.set(nodes, record.nodes, { labels });
  exposition.set(failedNodes, record.failedNodes, { labels });
  exposition.set(sets, record.sets, { labels });
  exposition.set(window, record.end / 1000, { labels });
  for (const [sink, { exported, dropped }] of Object.entries(record.sinks)) {
    exposition.set(batches, exported, { labels: { cluster, sink, outcome: "exported" } });
    exposition.set(batches, dropped, { labels: { cluster, sink, outcome: "dropped" } });
  }
};

const lastScrape = gauge("heapster_scraper_last_time_seconds", "When kubelets were last asked.");
const scrapeDuration = summary(
  "heapster_scraper_duration_milliseconds",
  "How long it took to ask all kubelets of a cluster.",
);
const kubeletDurations = {
  kubernetes: summary(
    "heapster_kubelet_request_duration_milliseconds",
    "How long a kubelet took for cAdvisor's stats, until they were decoded.",
  ),
  "kubernetes.summary_api": summary(
    "heapster_kubelet_summary_request_duration_milliseconds",
    "How long a kubelet took for its summary, until it was decoded.",
  ),
};
const processorDuration = summary("heapster_processor_duration_milliseconds", "How long a processor took.");
const lastExport = gauge("heapster_exporter_last_time_seconds", "When a sink was last given a batch.");
const exportDuration = summary(
  "heapster_exporter_duration_milliseconds",
  "How long a sink took over a batch, exported or dropped.",
);
const nodes = gauge("rollcall_metrics_nodes", "Ready nodes of a cluster whose metrics are collected.");
const failedNodes = gauge("rollcall_metrics_failed_nodes", "Nodes that the last batch lacks.");
const sets = gauge("rollcall_metrics_sets", "Metric sets of the last batch; 0 when there was none.");
const window = gauge("rollcall_metrics_window_timestamp_seconds", "End of the last window that was tried.");
const batches = counter(
  "rollcall_metrics_sink_batches_total",
  "Batches of metrics, by sink and by what became of them.",
);

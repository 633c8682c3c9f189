import { createExposition, expositionType } from "./exposition.ts";
import { addHeapster } from "./heapstermetrics.ts";
import type { Measured } from "./measured.ts";
import { addOwn } from "./ownmetrics.ts";
import { addPrometheus } from "./prometheusmetrics.ts";

/**
 * `/metrics` out of the providers' records: Prometheus's own discovery metrics by their names (spec §1.2, §1.3, §2.2), as
 * far as anything here does what they count, and what Rollcall adds, Heapster's of cluster metrics among it. Counters live in the table, so every function's work is in them.
 */
export const renderMetrics = (measured: Measured): { type: string; body: string } => {
  const exposition = createExposition();
  const records = new Map(measured.statuses.map((status) => [status.provider, status]));
  addPrometheus(measured.plan, records, exposition);
  addOwn(measured, records, exposition);
  addHeapster(measured.cycles, exposition);
  return { type: expositionType, body: exposition.text() };
};

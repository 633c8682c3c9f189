import type { CycleRecord } from "../../lib/metrics/cycles/cycles.ts";
import { noTotals } from "../../lib/metrics/cycles/totals.ts";
import type { SinkState } from "../../lib/metrics/export.ts";

/** The record of a cycle of one node that went well. */
export const cycleRecord = (over: Partial<CycleRecord> & { end: number }): CycleRecord => ({
  cluster: "prod-eu",
  took: 1,
  nodes: 1,
  failedNodes: 0,
  failures: {},
  problems: [],
  sets: 9,
  processors: {},
  sinks: {},
  scrapedAt: over.end + 5_000,
  totals: noTotals,
  ...over,
});

/** One batch exported, in no time. */
export const sinkState = (over: Partial<SinkState> = {}): SinkState => ({
  exported: 1,
  dropped: 0,
  took: 0,
  tookInAll: 0,
  lastAt: 0,
  ...over,
});

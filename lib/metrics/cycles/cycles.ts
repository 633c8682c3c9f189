import type { SourceKind } from "../../config/metrics/settings.ts";
import type { DataBatch } from "../batch.ts";
import type { SinkStates } from "../export.ts";
import type { Previous } from "../processors/rate.ts";
import type { Totals } from "./totals.ts";

/**
 * What a cycle of collecting leaves for the next one. Functions come and go, are fired twice and are killed: only one of them has a cycle, and
 * only a later cycle follows an earlier one.
 */
export interface Cycles {
  /** False when this cycle, or a later one, was taken before. `end` is that of its window, Unix milliseconds. */
  take(cluster: string, end: number): Promise<boolean>;
  /** The latest that was finished, and the counters (`countersOf`) of the latest that had any. */
  latest(cluster: string): Promise<Latest>;
  /** Keeps how it went, and of its batch, if there is one, the counters. False, and nothing kept, when a later cycle was finished meanwhile. */
  finish(record: CycleRecord, batch?: DataBatch): Promise<boolean>;
  /** The latest of each cluster, in the order of their names. */
  records(): Promise<CycleRecord[]>;
}

export interface Latest {
  readonly record?: CycleRecord;
  readonly counters?: Previous;
}

/** How a cycle went, for people and for the metrics of our own. Durations are milliseconds. */
export interface CycleRecord {
  readonly cluster: string;
  /** Of the window, Unix milliseconds. */
  readonly end: number;
  readonly took: number;
  /** Nodes that are ready. */
  readonly nodes: number;
  /** Those that are not in the batch. */
  readonly failedNodes: number;
  /** Why, by node; not all of very many. */
  readonly failures: Readonly<Record<string, string>>;
  /** What else went wrong, one line each. */
  readonly problems: readonly string[];
  /** Of the batch; 0 when there was none. */
  readonly sets: number;
  readonly processors: Readonly<Record<string, number>>;
  readonly sinks: SinkStates;
  /** What kubelets are asked for; absent in records from before it was kept. */
  readonly source?: SourceKind;
  /** When the last scrape was over, Unix milliseconds; 0 before the first. */
  readonly scrapedAt: number;
  readonly totals: Totals;
}

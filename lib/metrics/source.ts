import type { MetricSet } from "./batch.ts";

/** What a batch covers, Unix milliseconds. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** One place that metrics are read from: a kubelet. */
export interface MetricsSource {
  /** For errors and counts: `node:NAME`. */
  readonly name: string;
  /**
   * The entities that it knows, by key. Rejects with one line that says what is wrong: unreachable, slow, too large, not
   * what a kubelet answers. Half an answer is none. Ends when the signal aborts.
   */
  scrape(window: Window, signal: AbortSignal): Promise<ReadonlyMap<string, MetricSet>>;
}

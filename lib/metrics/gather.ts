import type { Clock } from "../clock.ts";
import type { MetricsSettings } from "../config/metrics/settings.ts";
import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { DataBatch } from "./batch.ts";
import type { ClusterLook } from "./cluster/look.ts";
import type { CycleRecord, Cycles, Latest } from "./cycles/cycles.ts";
import type { OpenCluster } from "./open.ts";
import type { Collection } from "./plan.ts";
import { processorsOf, runProcessors } from "./process.ts";
import { type Scraped, scrapeAll } from "./scrape.ts";
import type { Window } from "./source.ts";

export interface GatherParts {
  readonly cycles: Pick<Cycles, "latest">;
  readonly openCluster: OpenCluster;
  readonly clock: Clock;
  readonly random: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** Whose batch it is. */
export interface Gathering {
  readonly metrics: MetricsSettings;
  readonly collection: Collection;
  readonly window: Window;
}

/** A batch, and how one came to it. */
export interface Gathered {
  /** The record of the cycle before. */
  readonly before: CycleRecord | undefined;
  readonly batch: DataBatch;
  /** False when a processor failed: then the batch is worthless but for its counters. */
  readonly isGood: boolean;
  readonly scraped: Pick<Scraped, "failures" | "took">;
  readonly nodes: number;
  /** Unix milliseconds. */
  readonly scrapedAt: number;
  readonly scrapeTook: number;
  readonly processors: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

type Work = GatherParts & Gathering;

/**
 * A batch of a cluster as sinks get it, or why there is none. Nothing else outlives this: what the API server said, and the counters before, are
 * together half as large as the batch, and sinks take their time.
 */
export const gather = async (
  work: Work,
): Promise<Gathered | (Pick<Gathered, "before"> & { readonly problem: string })> => {
  const { cluster } = work.collection;
  const [latest, seen] = await Promise.all([work.cycles.latest(cluster), see(work)]);
  const before = latest.record;
  if ("problem" in seen) return { before, problem: seen.problem };
  const { look, scraped, nodes, scrapedAt, scrapeTook } = seen;
  const batch = { cluster, timestamp: work.window.end, sets: scraped.sets };
  const { processors, problem } = processed(batch, look, { ...work, latest });
  return {
    before,
    batch,
    isGood: problem === undefined,
    scraped: { failures: scraped.failures, took: scraped.took },
    ...{ nodes, scrapedAt, scrapeTook, processors },
    problems: [...look.problems, ...(problem === undefined ? [] : [problem])],
  };
};

interface Seen {
  readonly look: ClusterLook;
  readonly scraped: Scraped;
  readonly nodes: number;
  readonly scrapedAt: number;
  readonly scrapeTook: number;
}

/** The cluster's objects and what its kubelets say. */
const see = async (work: Work): Promise<Seen | { readonly problem: string }> => {
  try {
    await using opened = await work.openCluster(work.collection);
    const { look, sources, unreachable } = opened;
    const began = work.clock.now();
    const scraped = await scrapeAll(sources, work.window, work);
    const scrapedAt = work.clock.now();
    for (const [node, reason] of unreachable) scraped.failures.set(`node:${node}`, reason);
    const nodes = sources.length + unreachable.size;
    return { look, scraped, nodes, scrapedAt, scrapeTook: scrapedAt - began };
  } catch (error) {
    const problem = reasonOf(error);
    work.log.error("no metrics of a cluster: it cannot be looked at", {
      cluster: work.collection.cluster,
      reason: problem,
    });
    return { problem };
  }
};

interface Processed {
  readonly processors: Readonly<Record<string, number>>;
  readonly problem?: string;
}

/** A processor that fails makes the batch worthless: it is exported nowhere. */
const processed = (
  batch: DataBatch,
  look: ClusterLook,
  { latest, metrics, clock, log }: Work & { readonly latest: Latest },
): Processed => {
  try {
    const parts = { previous: latest.counters, look, labels: metrics.labels, log };
    return { processors: runProcessors(batch, processorsOf(parts), clock) };
  } catch (error) {
    const problem = reasonOf(error);
    log.error("a batch of metrics is dropped", { cluster: batch.cluster, reason: problem });
    return { processors: {}, problem };
  }
};

import type { Clock } from "../clock.ts";
import type { MetricsSettings } from "../config/metrics/settings.ts";
import { reasonOf } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import type { Log } from "../log.ts";
import type { DataBatch } from "./batch.ts";
import type { ClusterLook } from "./cluster/look.ts";
import type { CycleRecord, Cycles, Latest } from "./cycles/cycles.ts";
import { grown, noTotals } from "./cycles/totals.ts";
import { exportBatch, type SinkStates } from "./export.ts";
import type { OpenCluster } from "./open.ts";
import { type Collection, planCollections } from "./plan.ts";
import { processorsOf, runProcessors } from "./process.ts";
import { type Scraped, scrapeAll } from "./scrape.ts";
import type { Current } from "./settings.ts";
import type { Sink } from "./sink.ts";
import type { Window } from "./source.ts";
import { windowAt } from "./window.ts";

export interface CollectParts {
  /** Undefined when nothing was accepted yet. */
  readonly current: () => Promise<Current | undefined>;
  readonly cycles: Cycles;
  readonly openCluster: OpenCluster;
  readonly sinksOf: (metrics: MetricsSettings, collection: Collection) => readonly Sink[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** `taken`: somebody else has this cycle, or had it. */
export type Collected = { readonly cluster: string; readonly outcome: "collected" | "failed" | "taken" };

/**
 * One cycle of every cluster whose metrics are collected (spec A5): kubelets, processors, sinks. What fails for one cluster, or one kubelet, is
 * that one's alone.
 */
export const createCollect = (parts: CollectParts) => async (): Promise<Collected[]> => {
  const current = await parts.current();
  const metrics = current?.settings.metrics;
  if (current === undefined || metrics === undefined) return [];
  const { collections, problems } = planCollections(current.settings, current.servers);
  for (const problem of problems) parts.log.warn("a metrics source comes to nothing", { problem });
  const window = windowAt(parts.clock.now(), metrics.resolution);
  return inFlight(clustersAtOnce, collections, (collection) =>
    collectOne({ ...parts, metrics, collection, window }),
  );
};

const clustersAtOnce = 4;

type Work = CollectParts & {
  readonly metrics: MetricsSettings;
  readonly collection: Collection;
  readonly window: Window;
};

const collectOne = async (work: Work): Promise<Collected> => {
  const { cluster } = work.collection;
  try {
    if (!(await work.cycles.take(cluster, work.window.end))) return { cluster, outcome: "taken" };
    return { cluster, outcome: await cycle(work) };
  } catch (error) {
    work.log.error("no metrics of a cluster: the cycle was not kept", { cluster, reason: reasonOf(error) });
    return { cluster, outcome: "failed" };
  }
};

const cycle = async (work: Work): Promise<"collected" | "failed"> => {
  const { cycles, clock, collection, window } = work;
  const began = clock.now();
  const [latest, seen] = await Promise.all([cycles.latest(collection.cluster), see(work)]);
  const base = { cluster: collection.cluster, end: window.end };
  if ("problem" in seen) {
    const kept = keptOf(latest.record);
    await cycles.finish({ ...base, ...kept, took: clock.now() - began, problems: [seen.problem] });
    return "failed";
  }
  const { look, scraped, nodes, scrapedAt, scrapeTook } = seen;
  const batch = { cluster: collection.cluster, timestamp: window.end, sets: scraped.sets };
  const done = await processAndExport(batch, look, { ...work, latest });
  const problems = [...look.problems, ...done.problems];
  const kubelets = new Map([...scraped.took].map(([name, took]) => [nodeIn(name), took]));
  const cycle = { scrape: scrapeTook, kubelets, processors: done.processors };
  const record: CycleRecord = {
    ...base,
    ...nodesOf(scraped, nodes),
    ...done,
    problems,
    took: clock.now() - began,
    source: collection.source.kind,
    scrapedAt,
    totals: grown(latest.record?.totals ?? noTotals, cycle),
  };
  tell(work.log, record);
  await cycles.finish(record, batch);
  return done.sets === 0 ? "failed" : "collected";
};

/** What a cycle without a batch leaves in the record. */
const keptOf = (record: CycleRecord | undefined) => ({
  nodes: 0,
  failedNodes: 0,
  failures: {},
  sets: 0,
  processors: {},
  sinks: record?.sinks ?? {},
  ...(record?.source !== undefined && { source: record.source }),
  scrapedAt: record?.scrapedAt ?? 0,
  totals: record?.totals ?? noTotals,
});

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

type Done = Pick<CycleRecord, "processors" | "sinks" | "problems" | "sets">;

/** A processor that fails makes the batch worthless: it is exported nowhere. */
const processAndExport = async (
  batch: DataBatch,
  look: ClusterLook,
  { latest, metrics, collection, clock, log, sinksOf }: Work & { readonly latest: Latest },
): Promise<Done> => {
  const before: SinkStates = latest.record?.sinks ?? {};
  try {
    // Held by nobody afterwards: what the API server said is as large as a good part of the batch.
    const took = runProcessors(
      batch,
      processorsOf({ previous: latest.counters, look, labels: metrics.labels, log }),
      clock,
    );
    const parts = { sinks: sinksOf(metrics, collection), timeout: metrics.sinkTimeout, clock, log };
    const sinks = await exportBatch(batch, parts, before);
    return { processors: took, sinks, problems: [], sets: batch.sets.size };
  } catch (error) {
    const reason = reasonOf(error);
    log.error("a batch of metrics is dropped", { cluster: batch.cluster, reason });
    return { processors: {}, sinks: before, problems: [reason], sets: 0 };
  }
};

/** Reasons that a record keeps; it is one item of the table. */
const mostFailures = 50;

const nodeIn = (source: string) => source.replace(/^node:/, "");

const nodesOf = ({ failures }: Scraped, nodes: number) => {
  const told = [...failures]
    .slice(0, mostFailures)
    .map(([name, reason]) => [nodeIn(name), reason.slice(0, 300)]);
  return { nodes, failedNodes: failures.size, failures: Object.fromEntries(told) };
};

const tell = (log: Log, { cluster, nodes, failedNodes, failures, problems }: CycleRecord): void => {
  if (failedNodes > 0)
    log.warn("metrics of some nodes are missing", { cluster, nodes, failedNodes, failures });
  for (const reason of problems)
    log.warn("metrics lack what the API server did not tell", { cluster, reason });
};

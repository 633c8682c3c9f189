import type { MetricsSettings } from "../config/metrics/settings.ts";
import { reasonOf } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import type { Log } from "../log.ts";
import type { DataBatch } from "./batch.ts";
import type { CycleRecord, Cycles } from "./cycles/cycles.ts";
import { grown, noTotals } from "./cycles/totals.ts";
import { exportBatch, type SinkStates } from "./export.ts";
import { type Gathered, type Gathering, type GatherParts, gather } from "./gather.ts";
import { type Collection, planCollections } from "./plan.ts";
import type { Current } from "./settings.ts";
import type { Sink } from "./sink.ts";
import { windowAt } from "./window.ts";

export interface CollectParts extends GatherParts {
  /** Undefined when nothing was accepted yet. */
  readonly current: () => Promise<Current | undefined>;
  readonly cycles: Cycles;
  readonly sinksOf: (metrics: MetricsSettings, collection: Collection) => readonly Sink[];
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

type Work = CollectParts & Gathering;

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
  const gathered = await gather(work);
  const { before } = gathered;
  const base = { cluster: collection.cluster, end: window.end };
  if ("problem" in gathered) {
    const kept = keptOf(before);
    await cycles.finish({ ...base, ...kept, took: clock.now() - began, problems: [gathered.problem] });
    return "failed";
  }
  const { batch, isGood, scraped, nodes, scrapedAt, scrapeTook, processors, problems } = gathered;
  const sinks = isGood ? await exported(batch, before, work) : (before?.sinks ?? {});
  const kubelets = new Map([...scraped.took].map(([name, took]) => [nodeIn(name), took]));
  const record: CycleRecord = {
    ...base,
    ...nodesOf(scraped, nodes),
    sets: isGood ? batch.sets.size : 0,
    processors,
    sinks,
    problems,
    took: clock.now() - began,
    source: collection.source.kind,
    scrapedAt,
    totals: grown(before?.totals ?? noTotals, { scrape: scrapeTook, kubelets, processors }),
  };
  tell(work.log, record);
  await cycles.finish(record, batch);
  return isGood ? "collected" : "failed";
};

const exported = (
  batch: DataBatch,
  before: CycleRecord | undefined,
  { metrics, collection, clock, log, sinksOf }: Work,
): Promise<SinkStates> =>
  exportBatch(
    batch,
    { sinks: sinksOf(metrics, collection), timeout: metrics.sinkTimeout, clock, log },
    before?.sinks,
  );

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

/** Reasons that a record keeps; it is one item of the table. */
const mostFailures = 50;

const nodeIn = (source: string) => source.replace(/^node:/, "");

const nodesOf = ({ failures }: Gathered["scraped"], nodes: number) => {
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

import { setImmediate as othersTurn } from "node:timers/promises";
import type { Job } from "../config/configuration.ts";
import type { Live, ProviderView } from "../pool/view.ts";
import type { Labels } from "../relabel/labels.ts";
import type { Populated } from "../relabel/populate.ts";
import { type ActiveTarget, createUniqueTargets } from "../relabel/unique.ts";
import { isKnown, outcomesOf, populatorOf } from "./outcomes.ts";

/** A discovered target and what became of it. */
export interface PoolTarget {
  readonly provider: string;
  readonly entry: Live;
  /** Its place in the group. */
  readonly index: number;
  readonly outcome: Populated;
}

/** The targets of a job, as Prometheus's scrape pool has them (spec/prometheus-sd.md §1.4), out of the pool as it is. */
export interface ScrapePool {
  /** All that were discovered, by provider in the order asked for, then by source and place. */
  readonly targets: readonly PoolTarget[];
  /** Without duplicates, each where the first of them was met, showing the last. */
  readonly active: readonly ActiveTarget<PoolTarget>[];
  /** All of them, whatever `keep_dropped_targets` says. */
  readonly dropped: readonly PoolTarget[];
  /** Neither active nor dropped. */
  readonly failed: readonly PoolTarget[];
  /** Whose final labels another has too, and the active target that stands for both. */
  readonly merged: ReadonlyMap<PoolTarget, ActiveTarget<PoolTarget>>;
}

/** By provider, in order. */
export type Views = ReadonlyMap<string, ProviderView>;

/**
 * A job's scrape pool. Groups that did not change since an earlier call are not relabelled again, and a pool in which
 * nothing changed is the same object.
 */
export const readScrapePool = async (job: Job, views: Views): Promise<ScrapePool> => {
  const recent = recentPools.get(job) ?? new Map<string, Recent>();
  recentPools.set(job, recent);
  const key = JSON.stringify([...views.keys()]);
  const before = recent.get(key);
  if (before !== undefined && areSame(before.views, views)) return before.pool;
  const now = { views, pool: gatherPool(job, views) };
  recent.delete(key);
  recent.set(key, now);
  const [oldest] = recent.keys();
  if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest);
  return now.pool;
};

/** The dropped targets that are shown: the first ones met, as many as `keep_dropped_targets` says; 0 says all. */
export const keptDropped = (job: Job, { dropped }: ScrapePool): readonly PoolTarget[] =>
  dropped.slice(0, job.keepDroppedTargets || dropped.length);

/** What is shown as `discoveredLabels`. */
export const discoveredLabels = (job: Job, { entry, index }: PoolTarget): Labels =>
  populatorOf(job).discovered(entry.group.targets[index]!, entry.group.labels);

interface Recent {
  readonly views: Views;
  readonly pool: Promise<ScrapePool>;
}

const recentPools = new WeakMap<Job, Map<string, Recent>>();

/** A job has one set of providers; fewer of them are asked for by cluster, or by who may not see all. */
const mostRecent = 4;

const areSame = (some: Views, others: Views) => [...some].every(([id, view]) => others.get(id) === view);

const gatherPool = async (job: Job, views: Views): Promise<ScrapePool> => {
  await relabelAll(job, views);
  const targets: PoolTarget[] = [];
  const dropped: PoolTarget[] = [];
  const failed: PoolTarget[] = [];
  const unique = createUniqueTargets<PoolTarget>();
  const merged = new Map<PoolTarget, ActiveTarget<PoolTarget>>();
  for (const target of targetsIn(job, views)) {
    targets.push(target);
    const { outcome } = target;
    if (outcome.state === "dropped") dropped.push(target);
    else if (outcome.state === "failed") failed.push(target);
    else {
      const twin = unique.add(outcome.labels, target);
      if (twin !== undefined) merged.set(twin.replaced, twin.target);
    }
  }
  return { targets, active: unique.targets, dropped, failed, merged };
};

function* targetsIn(job: Job, views: Views): Generator<PoolTarget> {
  for (const [provider, view] of views) {
    for (const entry of view.sorted()) {
      for (const [index, outcome] of outcomesOf(job, entry.group).entries()) {
        yield { provider, entry, index, outcome };
      }
    }
  }
}

/** A big job's first relabelling takes a second or two, in which others want to be answered as well. */
const relabelAll = async (job: Job, views: Views): Promise<void> => {
  let since = 0;
  for (const view of views.values()) {
    for (const { group } of view.sorted()) {
      if (isKnown(job, group)) continue;
      since += outcomesOf(job, group).length;
      if (since < turn) continue;
      since = 0;
      await othersTurn();
    }
  }
};

/** Targets: about ten milliseconds of work. */
const turn = 500;

import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import { createPopulator, type PopulatingJob } from "./populate.ts";
import { type ActiveTarget, createUniqueTargets, type Origin } from "./unique.ts";

/** The targets of one job, as Prometheus's scrape pool has them after a sync (spec/prometheus-sd.md §1.4). */
export interface SyncedTargets {
  /** In the order in which each was met first. */
  readonly active: readonly ActiveTarget[];
  /** In the order in which they were met, at most `keep_dropped_targets` of them; `rule` is the index of the rule that dropped it. */
  readonly dropped: readonly (Origin & { readonly rule: number })[];
  /** All of them. */
  readonly droppedCount: number;
  /** Neither active nor dropped. `error` is the text that Prometheus logs. */
  readonly failed: readonly (Origin & { readonly error: string })[];
}

export type SyncingJob = PopulatingJob & {
  /** 0: keep them all. */
  readonly keepDroppedTargets: number;
};

/** Runs every target of a job through its rules. */
export const syncTargets = (job: SyncingJob, groups: Iterable<TargetGroup>): SyncedTargets => {
  const { populate } = createPopulator(job);
  const unique = createUniqueTargets();
  const dropped: (Origin & { rule: number })[] = [];
  const failed: (Origin & { error: string })[] = [];
  const mostDropped = job.keepDroppedTargets || Number.POSITIVE_INFINITY;
  let droppedCount = 0;
  for (const origin of originsIn(groups)) {
    const populated = populate(origin.target, origin.group);
    if (populated.state === "active") unique.add(populated.labels, origin);
    else if (populated.state === "failed")
      failed.push({ ...origin, error: failure(origin, populated.error) });
    else {
      droppedCount += 1;
      if (dropped.length < mostDropped) dropped.push({ ...origin, rule: populated.rule });
    }
  }
  return { active: unique.targets, dropped, droppedCount, failed };
};

function* originsIn(groups: Iterable<TargetGroup>): Generator<Origin> {
  for (const { source, labels: group, targets } of groups) {
    for (const [index, target] of targets.entries()) yield { source, index, target, group };
  }
}

const failure = ({ index, source }: Origin, error: string) =>
  `instance ${index} in group ${source}: ${error}`;

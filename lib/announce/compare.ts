import type { Look } from "../discovery/discoverer.ts";
import type { Held } from "../pool/pool.ts";
import { contentHash } from "../targetgroup/hash.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";

/** What a look makes of the pool: nothing for what is equal already. */
export interface Change {
  readonly kind: "added" | "updated" | "removed";
  /** Without targets when removed. */
  readonly group: TargetGroup;
}

/** All in one pass: of a large provider each pass keeps whoever shares the process waiting. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** Sources with targets that the look found or learned nothing about, and the targets of these. */
  readonly sources: number;
  readonly targets: number;
  /** Sources that the pool has. */
  readonly held: number;
}

/**
 * The changes that bring the pool to what the look found. A group without targets counts as absent, as it does
 * for Prometheus's manager (spec §1.3). What the look learned nothing about is left alone (promise 3).
 *
 * | look            | pool             | change  |
 * |-----------------|------------------|---------|
 * | group           | nothing, or gone | added   |
 * | group           | other hash       | updated |
 * | absent or empty | group            | removed |
 * | kept            | anything         | –       |
 */
export const compare = (look: Look, index: ReadonlyMap<string, Held>): Comparison => {
  const changes: Change[] = [];
  const counts = { sources: 0, targets: 0, held: 0 };
  const count = (targets: number) => {
    counts.sources += 1;
    counts.targets += targets;
  };
  const present = new Set<string>();
  for (const group of look.groups) {
    if (group.targets.length === 0 || present.has(group.source)) continue;
    present.add(group.source);
    count(group.targets.length);
    const change = changeOf(group, index.get(group.source));
    if (change !== undefined) changes.push(change);
  }
  for (const [source, held] of index) {
    if (held.removed) continue;
    counts.held += 1;
    if (present.has(source)) continue;
    if (look.keeps(source)) count(held.targets);
    else changes.push(removal(source));
  }
  return { changes, ...counts };
};

/** The same for one group: what brings the pool, which holds `held` of it, to what it now is. */
export const changeOf = (group: TargetGroup, held: Held | undefined): Change | undefined => {
  const isLive = held !== undefined && !held.removed;
  if (group.targets.length === 0) return isLive ? removal(group.source) : undefined;
  if (!isLive) return { kind: "added", group };
  return held.hash === contentHash(group) ? undefined : { kind: "updated", group };
};

/** A source that is gone, as a group that says so. */
export const removal = (source: string): Change => ({
  kind: "removed",
  group: { source, labels: {}, targets: [] },
});

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
export const compare = (look: Look, index: ReadonlyMap<string, Held>): Change[] => {
  const changes: Change[] = [];
  const present = new Set<string>();
  for (const group of look.groups) {
    if (group.targets.length === 0 || present.has(group.source)) continue;
    present.add(group.source);
    const change = changeOf(group, index.get(group.source));
    if (change !== undefined) changes.push(change);
  }
  for (const [source, held] of index) {
    if (!held.removed && !present.has(source) && !look.keeps(source)) changes.push(removal(source));
  }
  return changes;
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

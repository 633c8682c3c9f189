import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { compressGroup } from "../../lib/pool/body.ts";
import { createDynamoPool, createDynamoStatuses } from "../../lib/pool/dynamodb.ts";
import { groupItem, groupKey } from "../../lib/pool/item.ts";
import type { ProviderStatus } from "../../lib/pool/status.ts";
import type { Item, Table } from "../../lib/table/dynamodb.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";

export interface Seeded {
  readonly provider: string;
  readonly cluster: string;
  readonly job: string;
}

/** Puts groups into the pool as the reducer would have left them, but without a condition per item; one set of items serves every provider. */
export const createSeed = (table: Table, groups: readonly TargetGroup[]) => {
  const items = groups.map((group, at) => ({ source: group.source, item: itemOf(group, at) }));
  const targets = groups.reduce((sum, group) => sum + group.targets.length, 0);
  return async (seeded: Seeded): Promise<void> => {
    const { provider } = seeded;
    for (let from = 0; from < items.length; from += 1000) {
      const some = items.slice(from, from + 1000);
      await table.putMany(some.map(({ source, item }): Item => ({ ...item, ...keyOf(provider, source) })));
    }
    const counts = { sources: groups.length, targets };
    await createDynamoStatuses(table, { warn: () => {} }).put(statusOf(seeded, counts));
    const blobs = createDynamoBlobs(table, Date.now);
    await createDynamoPool(table, { blobs, clock: Date.now }).bump(provider);
  };
};

const keyOf = (provider: string, source: string): Item => {
  const { pk, sk } = groupKey(provider, source);
  return { pk: { S: pk }, sk: { S: sk } };
};

/** A group's item, of no provider yet. */
export const itemOf = (group: TargetGroup, sequence: number): Item =>
  groupItem({
    event: {
      schema: 1,
      provider: "",
      cluster: "",
      jobs: [],
      change: "updated",
      version: { epoch: 1, sequence },
      hash: contentHash(group),
      observedAt: new Date().toISOString(),
      group: { ...group, targets: [...group.targets] },
    },
    source: group.source,
    targets: group.targets.length,
    place: { body: compressGroup(group) },
    moved: Date.now(),
  });

/** After one look that succeeded. */
const statusOf = (
  { provider, cluster, job }: Seeded,
  counts: Pick<ProviderStatus, "sources" | "targets">,
): ProviderStatus => {
  const now = Date.now();
  return {
    ...{ provider, cluster, jobs: [job], ...counts },
    mechanism: "kubernetes",
    role: "pod",
    every: 60_000,
    lastAttempt: now,
    lastSuccess: now,
    lastError: "",
    lastDurationSeconds: 1,
    counters: { looks: 1, failures: 0, added: counts.sources, updated: 0, removed: 0 },
    filled: true,
  };
};

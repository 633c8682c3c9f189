import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import { createWatchCounts } from "../../../lib/discovery/watchcounts.ts";
import { createLog } from "../../../lib/log.ts";
import { createMemoryStatuses } from "../../../lib/pool/memory.ts";
import { createRecords } from "../../../lib/relay/records.ts";
import { provider, status } from "../../fakes/providers.ts";

const pods = provider({ id: "kubernetes/1" });

const setUp = () => {
  const statuses = createMemoryStatuses();
  const records = createRecords({
    statuses,
    bus: createMemoryBus(),
    clock: { now: () => 1_000 },
    log: createLog({ level: "error", write: () => undefined }),
    lease: { expiresAt: () => 2_000 },
  });
  return { statuses, records };
};

describe("what a relay counts beside changes", () => {
  test("goes into the provider's record, and from there into the table", async () => {
    const { statuses, records } = setUp();
    records.load([status({ provider: pods.id })]);
    records.add(pods.id, { repaired: 2 });
    const counts = createWatchCounts();
    counts.event(pods, "pod", "update");
    counts.failure();
    const { events, failures } = counts.take(pods.id);
    records.add(pods.id, { events, watchFailures: failures });
    await records.settle();
    const [record] = await statuses.list();
    assert.deepEqual(record?.counters, {
      ...{ looks: 1, failures: 0, added: 0, updated: 0, removed: 0 },
      ...{ repaired: 2, watchFailures: 1, events: { "pod update": 1 } },
    });
  });

  test("is nothing new when there is nothing, and is not kept for a provider without a record", () => {
    const { records } = setUp();
    records.load([status({ provider: pods.id })]);
    const before = records.of(pods.id);
    records.add(pods.id, { repaired: 0, events: {}, watchFailures: 0 });
    assert.equal(records.of(pods.id), before);
    records.add("kubernetes/2", { repaired: 1 });
    assert.equal(records.of("kubernetes/2"), undefined);
  });
});

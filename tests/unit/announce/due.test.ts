import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLook } from "../../../lib/announce/due.ts";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import { noSettings } from "../../../lib/config/settings.ts";
import type { Plan } from "../../../lib/discovery/current.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { createMemoryLeases } from "../../../lib/lease/memory.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import {
  createMemoryPool,
  createMemoryRebuilds,
  createMemoryReleases,
  createMemoryStatuses,
} from "../../../lib/pool/memory.ts";
import { provider, status } from "../../fakes/providers.ts";
import { found } from "./world.ts";

const [stays, moved] = ["static/000000000001", "static/000000000002"] as const;

describe("a due look", () => {
  test("leaves a provider alone that the configuration now has under another cluster", async () => {
    const plan = [provider({ id: stays, cluster: "old" }), provider({ id: moved, cluster: "new" })];
    const world = await setUp(plan, [stays, moved]);
    assert.deepEqual(
      (await world.look("old")).map(({ provider: id }) => id),
      [stays],
    );
    assert.deepEqual(
      (await world.look("new")).map(({ provider: id }) => id),
      [moved],
    );
    assert.deepEqual(world.removed, []);
  });

  test("retires a provider that the configuration no longer has", async () => {
    const world = await setUp([provider({ id: stays, cluster: "old" })], [stays, moved]);
    assert.deepEqual(
      (await world.look("old")).map(({ provider: id }) => id),
      [stays, moved],
    );
  });

  test("tries once more after a lease that nobody renews", async () => {
    const world = await setUp([provider({ id: stays, cluster: "old" })], []);
    await world.leases.take({ cluster: "old", holder: "died", milliseconds: 10_000 });
    assert.deepEqual(
      (await world.look("old")).map(({ provider: id }) => id),
      [stays],
    );
    assert.deepEqual(world.waits, [10_500]);
  });

  test("leaves a cluster that a relay follows alone at once", async () => {
    const world = await setUp([provider({ id: stays, cluster: "old" })], []);
    await world.leases.take({ cluster: "old", holder: "relay/a", milliseconds: 10_000 });
    assert.equal(await world.run("old"), "held");
    assert.deepEqual(world.waits, []);
  });

  test("looks as long as it may, however little time is left", async () => {
    for (const left of [300_000, 20_001, 1]) {
      const world = await setUp([provider({ id: stays, cluster: "old" })], [], left);
      assert.deepEqual(
        (await world.look("old")).map(({ provider: id }) => id),
        [stays],
      );
    }
  });

  test("is left out while another one is under way", async () => {
    const world = await setUp([provider({ id: stays, cluster: "old" })], []);
    await world.leases.take({ cluster: "old", holder: "busy", milliseconds: 60_000 });
    assert.equal(await world.run("old"), "held");
  });
});

const setUp = async (providers: Provider[], records: string[], left = 300_000) => {
  const time = { now: 1_790_000_000_000 };
  const clock = () => time.now;
  const [waits, removed]: [number[], string[]] = [[], []];
  const statuses = createMemoryStatuses();
  for (const id of records)
    await statuses.put(status({ provider: id, cluster: "old", lastAttempt: clock() }));
  const leases = createMemoryLeases(clock);
  const plan: Plan = {
    hash: "h",
    providers,
    warnings: [],
    settings: noSettings,
    configuration: { jobs: [] },
  };
  const pool = createMemoryPool(clock);
  const due = createLook({
    plan: async () => plan,
    leases,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      time.now += milliseconds;
    },
    discover: async (asked) => asked.map((each) => ({ provider: each, look: found("a") })),
    pool,
    rebuilds: createMemoryRebuilds(),
    repair: pool,
    statuses,
    releases: createMemoryReleases(),
    bus: createMemoryBus(),
    announce: async ({ provider: { id }, changes }) => {
      for (const { kind } of changes) if (kind === "removed") removed.push(id);
    },
    clock,
    log: createLog({ level: "error", write: () => undefined }),
    meter: silentMeter,
  });
  const run = (cluster: string) =>
    due(
      { "detail-type": "Discovery Due", detail: { schema: 1, cluster } },
      { awsRequestId: "me", getRemainingTimeInMillis: () => left },
    );
  const look = async (cluster: string) => {
    const seen = await run(cluster);
    assert.ok(Array.isArray(seen), String(seen));
    return seen;
  };
  return { run, look, leases, waits, removed };
};

import { createAnnouncer } from "../../../lib/announce/announce.ts";
import { lookAt } from "../../../lib/announce/look.ts";
import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import type { Bus } from "../../../lib/bus/bus.ts";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import { defaultGuard } from "../../../lib/config/settings.ts";
import type { Look } from "../../../lib/discovery/discoverer.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import {
  createMemoryPool,
  createMemoryRebuilds,
  createMemoryReleases,
  createMemoryStatuses,
} from "../../../lib/pool/memory.ts";
import { rebuiltIndex } from "../../../lib/pool/rebuild.ts";
import {
  detailSchemas,
  targetGroupChanged,
  targetGroupChangedSchema,
} from "../../../lib/targetgroup/event.ts";
import type { TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";
import { provider } from "../../fakes/providers.ts";

export const one = provider({ id: "static/000000000001", cluster: "c" });
export const two = provider({ id: "static/000000000002", cluster: "c" });

/** A complete look: a target per source. */
export const found = (...sources: string[]): Look => ({
  groups: sources.map((source): TargetGroup => ({ source, labels: {}, targets: [{ __address__: source }] })),
  keeps: () => false,
  problems: [],
});

/** Looks at one cluster, with a bus that applies what it is given to the pool at once. */
export const setUp = () => {
  const world = { losing: false, refusing: false, time: { now: 1_790_000_000_000 } };
  const clock = () => world.time.now;
  const pool = createMemoryPool(clock);
  const statuses = createMemoryStatuses();
  const releases = createMemoryReleases();
  const rebuilds = createMemoryRebuilds();
  const recorded = createMemoryBus();
  const bus: Bus = {
    put: async (entries) => {
      if (world.refusing && entries.length > 0) throw new Error("the bus is away");
      await recorded.put(entries);
      for (const { detailType, detail } of world.losing ? [] : entries) {
        if (detailType !== targetGroupChanged) continue;
        const event = targetGroupChangedSchema.parse(detail);
        await pool.offer(event, event.group!);
      }
    },
  };
  const announce = createAnnouncer({ bus, blobs: createMemoryBlobs(clock), clock });
  const log = createLog({ level: "error", write: () => undefined });
  let epoch = 1;
  const look = async (outcomes: Record<string, Look | Error>) => {
    const providers: Provider[] = [one, two].filter(({ id }) => id in outcomes);
    const lease = {
      cluster: "c",
      epoch: epoch++,
      expiresAt: () => clock() + 1000,
      end: async () => undefined,
    };
    const known = (await statuses.list()).filter(({ cluster }) => cluster === "c");
    const discover = async (asked: readonly Provider[]) =>
      asked.map((each) => {
        const outcome = outcomes[each.id]!;
        return outcome instanceof Error
          ? { provider: each, error: outcome }
          : { provider: each, look: outcome };
      });
    const signal = AbortSignal.timeout(1000);
    const rebuilt = rebuiltIndex(pool, rebuilds);
    const parts = {
      discover,
      pool: rebuilt,
      statuses,
      releases,
      announce,
      bus,
      clock,
      log,
      meter: silentMeter,
    };
    return lookAt({ providers, known, limits: defaultGuard, lease, signal }, parts);
  };
  const sources = async ({ id }: Provider) => (await pool.all(id)).map(({ source }) => source).sort();
  const put = (detailType: "Guard Tripped" | "Provider Status Changed") =>
    recorded.entries
      .filter((entry) => entry.detailType === detailType)
      .map(({ detail }) => detailSchemas[detailType].parse(detail));
  const record = async () => (await statuses.list()).find((status) => status.provider === one.id)!;
  return Object.assign(world, {
    look,
    sources,
    pool,
    statuses,
    releases,
    rebuilds,
    recorded,
    put,
    record,
    epoch: () => epoch,
  });
};

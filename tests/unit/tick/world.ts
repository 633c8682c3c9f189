import { createMemoryBus } from "../../../lib/bus/memory.ts";
import type { AcceptedConfigurations, AcceptedDocument } from "../../../lib/config/accepted.ts";
import { createMemoryAccepted, createMemoryReloads } from "../../../lib/config/memory.ts";
import type { Reloads } from "../../../lib/config/reload.ts";
import type { FollowMode } from "../../../lib/config/settings.ts";
import { createPlanReader } from "../../../lib/discovery/current.ts";
import { answerReload } from "../../../lib/door/reload.ts";
import type { HistoryLog } from "../../../lib/history/log.ts";
import { createMemoryHistory } from "../../../lib/history/memory.ts";
import type { Leases } from "../../../lib/lease/lease.ts";
import { createMemoryLeases } from "../../../lib/lease/memory.ts";
import { shareLimits } from "../../../lib/lease/share.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import type { ReducerLag } from "../../../lib/pool/lag.ts";
import { createMemoryLag, createMemoryStatuses } from "../../../lib/pool/memory.ts";
import type { Statuses } from "../../../lib/pool/status.ts";
import { discoveryDue, relayDue, relayDueSchema } from "../../../lib/targetgroup/event.ts";
import { tick } from "../../../lib/tick/tick.ts";

export const oneJob = `
scrape_configs:
- job_name: a
  file_sd_configs: [{files: [a.json]}]
`;

interface World {
  text: string;
  readonly time: { now: number };
  readonly statuses: Statuses;
  readonly lag: ReducerLag;
  readonly accepted: AcceptedConfigurations;
  readonly leases: Leases;
  readonly history: HistoryLog;
  readonly reloads: Reloads;
  /** As the environment says. */
  follow: FollowMode;
  /** Happens between reading the files and accepting them. */
  meanwhile: (() => Promise<void>) | undefined;
}

export const setUp = (text: string, follow: FollowMode = "schedule") => {
  const time = { now: 1_790_000_000_000 };
  const clock = () => time.now;
  const bus = createMemoryBus();
  const accepted = createMemoryAccepted(clock);
  const meanwhile: (() => Promise<void>) | undefined = undefined;
  const statuses = createMemoryStatuses();
  const leases = createMemoryLeases(clock);
  const lag = createMemoryLag(clock);
  const history = createMemoryHistory();
  const reloads = createMemoryReloads();
  const world: World = { text, time, statuses, lag, accepted, meanwhile, leases, history, reloads, follow };
  const document = (): AcceptedDocument => ({
    main: { path: "prometheus.yml", text: world.text },
    jobFiles: [],
    servers: {},
    inCluster: false,
    follow: world.follow,
  });
  const log = createLog({ level: "error", write: () => undefined });
  const parts = {
    gather: async () => {
      const read = document();
      await world.meanwhile?.();
      return read;
    },
    accepted,
    plan: createPlanReader(accepted),
    bus,
    limits: shareLimits(20_000),
    history,
    clock,
    log,
    meter: silentMeter,
    reloads,
  };
  const run = (options = { everything: false }) =>
    tick({ ...parts, statuses: world.statuses, lag, leases }, options);
  const ordersOf = (type: string) =>
    bus.entries.flatMap(({ detailType, detail }) =>
      detailType === type ? [relayDueSchema.parse(detail).cluster] : [],
    );
  const request = (headers: Record<string, string>) => ({
    httpMethod: "POST",
    path: "/-/reload",
    headers,
    requestContext: { identity: { sourceIp: "127.0.0.1" } },
  });
  return Object.assign(world, {
    tick: () => run(),
    handle: (event: unknown) => answerReload(parts, run)(event),
    ordered: () => ordersOf(discoveryDue),
    relaysOrdered: () => ordersOf(relayDue),
    relayOrders: () =>
      bus.entries.flatMap(({ detailType, detail }) =>
        detailType === relayDue ? [relayDueSchema.parse(detail)] : [],
      ),
    post: (headers: Record<string, string>) => answerReload(parts, run)(request(headers)),
  });
};

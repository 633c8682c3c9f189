import type { Bus } from "../bus/bus.ts";
import { noteReload, type Reloads } from "../config/reload.ts";
import type { Plan, PlanReader } from "../discovery/current.ts";
import { reasonOf } from "../errors.ts";
import type { HistoryLog } from "../history/log.ts";
import { keepTerms } from "../history/terms.ts";
import type { Leases } from "../lease/lease.ts";
import type { ShareLimits } from "../lease/share.ts";
import type { Meter } from "../meter.ts";
import { isBehind, type ReducerLag, secondsBehind } from "../pool/lag.ts";
import type { ProviderStatus, Statuses } from "../pool/status.ts";
import { type DiscoveryDue, discoveryDue, relayDue, relayDueOf } from "../targetgroup/event.ts";
import { type Acceptance, type AcceptParts, acceptConfiguration } from "./accept.ts";
import { dueClusters, followedClusters } from "./due.ts";
import { type ConfigurationFaults, configurationFaults } from "./faults.ts";
import { measure, measureConfiguration } from "./measure.ts";
import { followedNow, relayOrders } from "./relays.ts";

export interface TickParts extends AcceptParts {
  readonly plan: PlanReader;
  readonly statuses: Statuses;
  readonly leases: Pick<Leases, "last" | "revoke">;
  readonly lag: ReducerLag;
  readonly reloads: Reloads;
  readonly history: Pick<HistoryLog, "terms" | "putTerms">;
  /** How much one relay carries. */
  readonly limits: ShareLimits;
  readonly bus: Bus;
  readonly meter: Meter;
  /** Whose work the orders are; absent: nobody's. */
  readonly correlationId?: () => string | undefined;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

export interface Ticked {
  readonly configuration: Acceptance;
  /** Clusters for which a look was ordered. */
  readonly due: readonly string[];
  /** Clusters for which a relay was ordered. */
  readonly relays: readonly string[];
  readonly faults: ConfigurationFaults;
}

/**
 * One tick: accept what the files say, then order a relay for every followed cluster that has none, and a look for every
 * other one that is due. `everything` is for a process that starts and is alone with its table: each cluster is due, since
 * nobody knows what happened while nobody looked, and whoever holds a lease is dead.
 */
export const tick = async (parts: TickParts, { everything = false } = {}): Promise<Ticked> => {
  const configuration = await acceptConfiguration(parts);
  await noteReload(configuration.outcome !== "kept", parts);
  const plan = await parts.plan();
  const statuses = await parts.statuses.list();
  const faults = configurationFaults(configuration, plan?.providers ?? [], statuses);
  measureConfiguration(faults, parts.meter);
  if (plan === undefined) return { configuration, due: [], relays: [], faults };
  await tellTerms(plan, parts);
  const followed = followedClusters(plan.providers);
  const now = parts.clock();
  const looks = dueClusters(plan.providers, statuses, everything ? Number.POSITIVE_INFINITY : now);
  if (everything) await revokeAll([...followed, ...looks], parts);
  const { relays, withoutRelay } = await relaysNow(followed, { plan, statuses }, parts);
  const lag = await parts.lag.read();
  measure({ plan, statuses, withoutRelay, lag: secondsBehind(lag, now), now }, parts.meter);
  const due = isBehind(lag, now) ? [] : looks;
  if (due.length < looks.length)
    parts.log.warn("no look ordered: the reducer is more than a minute behind", { due: looks });
  const id = parts.correlationId?.();
  await parts.bus.put([
    ...relays.map((clusters) => ({ detailType: relayDue, detail: relayDueOf(clusters, id) })),
    ...due.map((cluster) => ({ detailType: discoveryDue, detail: orderOf(cluster, id) })),
  ]);
  if (due.length > 0) parts.log.trail("looks ordered", { clusters: due });
  if (relays.length > 0) parts.log.info("relays ordered", { clusters: relays });
  return { configuration, due, relays: relays.flat().sort(), faults };
};

/** The reducer goes by what it was told last, so looks go on when this fails; the next tick tells it. */
const tellTerms = async ({ settings }: Plan, { history, clock, log }: TickParts) => {
  try {
    await keepTerms(history, settings.history.retention, clock());
  } catch (error) {
    log.warn("the reducer is not told how long history is kept", { reason: reasonOf(error) });
  }
};

const orderOf = (cluster: string, correlationId: string | undefined): DiscoveryDue => ({
  schema: 1,
  cluster,
  ...(correlationId === undefined ? {} : { correlationId }),
});

const revokeAll = (clusters: readonly string[], { leases }: TickParts) =>
  Promise.all(clusters.map((cluster) => leases.revoke(cluster)));

/** By relay. A look that holds a lease will be over at the next tick. Those that are merged lose theirs, and end by that. */
const relaysNow = async (
  clusters: readonly string[],
  { plan, statuses }: { plan: Plan; statuses: readonly ProviderStatus[] },
  parts: TickParts,
) => {
  const followed = await followedNow(clusters, { providers: plan.providers, statuses }, parts.leases);
  const { missing, merged } = relayOrders(followed, { limits: parts.limits, now: parts.clock() });
  await revokeAll(merged, parts);
  return {
    relays: merged.length === 0 ? missing : [...missing, merged],
    withoutRelay: missing.flat().length,
  };
};

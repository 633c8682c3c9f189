import type { Bus } from "../bus/bus.ts";
import type { Plan, PlanReader } from "../discovery/current.ts";
import { reasonOf } from "../errors.ts";
import type { HistoryLog } from "../history/log.ts";
import { keepTerms } from "../history/terms.ts";
import type { Leases } from "../lease/lease.ts";
import type { ShareLimits } from "../lease/share.ts";
import { isBehind, type ReducerLag } from "../pool/lag.ts";
import type { ProviderStatus, Statuses } from "../pool/status.ts";
import { type DiscoveryDue, discoveryDue, relayDue, relayDueOf } from "../targetgroup/event.ts";
import { type Acceptance, type AcceptParts, acceptConfiguration } from "./accept.ts";
import { dueClusters, followedClusters } from "./due.ts";
import { type ConfigurationFaults, configurationFaults } from "./faults.ts";
import { followedNow, relayOrders } from "./relays.ts";

export interface TickParts extends AcceptParts {
  readonly plan: PlanReader;
  readonly statuses: Statuses;
  readonly leases: Pick<Leases, "last" | "revoke">;
  readonly lag: ReducerLag;
  readonly history: Pick<HistoryLog, "terms" | "putTerms">;
  /** How much one relay carries. */
  readonly limits: ShareLimits;
  readonly bus: Bus;
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
  const plan = await parts.plan();
  if (plan === undefined) {
    return { configuration, due: [], relays: [], faults: configurationFaults(configuration, [], []) };
  }
  await tellTerms(plan, parts);
  const followed = followedClusters(plan.providers);
  const statuses = await parts.statuses.list();
  const now = everything ? Number.POSITIVE_INFINITY : parts.clock();
  const looks = dueClusters(plan.providers, statuses, now);
  if (everything) await revokeAll([...followed, ...looks], parts);
  const relays = await relaysNow(followed, { plan, statuses }, parts);
  const due = looks.length > 0 && (await reducerIsBehind(parts)) ? [] : looks;
  if (due.length < looks.length)
    parts.log.warn("no look ordered: the reducer is more than a minute behind", { due: looks });
  await parts.bus.put([
    ...relays.map((clusters) => ({ detailType: relayDue, detail: relayDueOf(clusters) })),
    ...due.map((cluster) => ({ detailType: discoveryDue, detail: orderOf(cluster) })),
  ]);
  if (relays.length > 0) parts.log.info("relays ordered", { clusters: relays });
  return {
    configuration,
    due,
    relays: relays.flat().sort(),
    faults: configurationFaults(configuration, plan.providers, statuses),
  };
};

/** The reducer goes by what it was told last, so looks go on when this fails; the next tick tells it. */
const tellTerms = async ({ settings }: Plan, { history, clock, log }: TickParts) => {
  try {
    await keepTerms(history, settings.history.retention, clock());
  } catch (error) {
    log.warn("the reducer is not told how long history is kept", { reason: reasonOf(error) });
  }
};

const orderOf = (cluster: string): DiscoveryDue => ({ schema: 1, cluster });

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
  return merged.length === 0 ? missing : [...missing, merged];
};

const reducerIsBehind = async ({ lag, clock }: TickParts) => isBehind(await lag.read(), clock());

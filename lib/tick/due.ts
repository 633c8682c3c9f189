import type { Provider } from "../discovery/provider.ts";
import type { ProviderStatus } from "../pool/status.ts";

/** A schedule fires a little early or late; a look this close to its time is due. */
const slack = 5_000;

/**
 * The clusters that a look is due for, in order: one with a provider never looked at or not for as long as it asks,
 * and one with a record of a provider that the configuration no longer has, so that it is retired. A cluster that is
 * followed is looked at by its relay.
 */
export const dueClusters = (
  providers: readonly Provider[],
  statuses: readonly ProviderStatus[],
  now: number,
): string[] => {
  const records = new Map(statuses.map((status) => [status.provider, status]));
  const planned = new Set(providers.map(({ id }) => id));
  const followed = new Set(followedClusters(providers));
  const due = new Set<string>();
  for (const provider of providers) {
    const last = records.get(provider.id)?.lastAttempt;
    if (last === undefined || now - last >= provider.every - slack) due.add(provider.cluster);
  }
  for (const status of statuses) if (!planned.has(status.provider)) due.add(status.cluster);
  return [...due].filter((cluster) => !followed.has(cluster)).sort();
};

/** The clusters that a relay is to follow, in order. */
export const followedClusters = (providers: readonly Provider[]): string[] =>
  [...new Set(providers.filter(({ follow }) => follow === "relay").map(({ cluster }) => cluster))].sort();

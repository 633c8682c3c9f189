import type { Provider } from "../discovery/provider.ts";
import { isRelay } from "../lease/holder.ts";
import type { LastTaking, Leases } from "../lease/lease.ts";
import { type Load, packed, type ShareLimits, type Sized, shareOut } from "../lease/share.ts";
import type { ProviderStatus } from "../pool/status.ts";

/** A cluster to be followed, how large it was, and who held it last. */
export interface FollowedCluster extends Sized {
  readonly last: LastTaking | undefined;
}

/** Clusters by relay. */
export interface RelayOrders {
  /** Nobody follows these. */
  readonly missing: readonly (readonly string[])[];
  /** Two relays or more carry so little that one is enough: these clusters are taken from them. */
  readonly merged: readonly string[];
}

/**
 * Which relays to order, and with which clusters each (ADR 18).
 *
 * | cluster                               | relay                                                     |
 * |---------------------------------------|-----------------------------------------------------------|
 * | never held, or given back             | shared, by size                                           |
 * | its holder died                       | one of its own: it may be what killed the relay           |
 * | held by one of several small relays   | shared with the others, one such relay a tick             |
 * | held otherwise                        | –                                                         |
 */
export const relayOrders = (
  followed: readonly FollowedCluster[],
  { limits, now }: { limits: ShareLimits; now: number },
): RelayOrders => {
  const free = followed.filter(({ last }) => last === undefined || last.until <= now);
  const [died, left] = [free.filter(hasDied), free.filter((one) => !hasDied(one))];
  return {
    missing: [...shareOut(left, limits), ...died.map(({ cluster }) => [cluster])],
    merged: mergeable(followed, { limits, now }),
  };
};

/** The clusters to follow with their sizes and their leases as they are now. */
export const followedNow = async (
  clusters: readonly string[],
  { providers, statuses }: { providers: readonly Provider[]; statuses: readonly ProviderStatus[] },
  leases: Pick<Leases, "last">,
): Promise<FollowedCluster[]> => {
  const known = statuses.filter(({ lastSuccess }) => lastSuccess !== undefined);
  const records = new Map(known.map((status) => [status.provider, status]));
  const sizeOf = (cluster: string) => {
    const own = providers.flatMap((one) => (one.cluster === cluster ? (records.get(one.id) ?? []) : []));
    return own.length === 0 ? undefined : own.reduce((sum, { targets }) => sum + targets, 0);
  };
  return Promise.all(
    clusters.map(async (cluster) => ({
      cluster,
      targets: sizeOf(cluster),
      last: await leases.last(cluster),
    })),
  );
};

/** Who gives a lease back, or has it revoked, leaves no time in it. */
const hasDied = ({ last }: FollowedCluster) => last !== undefined && last.until > 0;

/** Milliseconds after which a relay is known to live; before that it may yet die of one of its clusters. */
const settled = 180_000;
/** Room for clusters to grow, so that what is merged is not parted soon. */
const headroom = 0.75;

const mergeable = (
  followed: readonly FollowedCluster[],
  { limits, now }: { limits: ShareLimits; now: number },
): string[] => {
  const held = followed.filter(({ last }) => last !== undefined && last.until > now && isRelay(last));
  const relays = [...Map.groupBy(held, ({ last }) => last?.heldBy).values()];
  const loads = relays.filter((relay) => relay.every((one) => isSettled(one, now))).map(loadOf);
  const roomy = { targets: limits.targets * headroom, clusters: limits.clusters };
  const share = packed(loads, roomy).find(({ length }) => length > 1);
  return share?.flatMap(({ names }) => names) ?? [];
};

/** An epoch is never below the Unix time of its taking in seconds. */
const isSettled = ({ last, targets }: FollowedCluster, now: number) =>
  targets !== undefined && last !== undefined && now - last.epoch * 1000 >= settled;

const loadOf = (relay: readonly FollowedCluster[]): Load => ({
  names: relay.map(({ cluster }) => cluster),
  targets: relay.reduce((sum, { targets = 0 }) => sum + targets, 0),
});

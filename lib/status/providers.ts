import type { Provider } from "../discovery/provider.ts";
import { healthOf, stalenessOf } from "../pool/health.ts";
import type { ProviderStatus } from "../pool/status.ts";

/** `GET /api/v1/providers` (design §3.4): how each provider of the accepted configuration is doing. Times are RFC 3339. */
export const describeProviders = (
  providers: readonly Provider[],
  statuses: readonly ProviderStatus[],
  now: number,
) => {
  const records = new Map(statuses.map((status) => [status.provider, status]));
  return { providers: providers.map((provider) => describe(provider, records.get(provider.id), now)) };
};

const describe = (provider: Provider, status: ProviderStatus | undefined, now: number) => ({
  provider: provider.id,
  mechanism: provider.config.mechanism,
  ...("role" in provider.config ? { role: provider.config.role } : {}),
  cluster: provider.cluster,
  jobs: provider.jobs,
  health: healthOf(status, now),
  followedBy: status?.followedBy ?? provider.follow,
  lastAttempt: time(status?.lastAttempt),
  lastSuccess: time(status?.lastSuccess),
  stalenessSeconds: stalenessOf(status, now),
  sources: status?.sources ?? 0,
  targets: status?.targets ?? 0,
  lastError: status?.lastError ?? "",
  guard: guardOf(status),
  repaired: status?.counters.repaired ?? 0,
});

/** Null when nothing is held back. */
const guardOf = (status: ProviderStatus | undefined) => {
  if (status?.guard === undefined) return null;
  const { since, sources, targets } = status.guard;
  return { since: time(since), sources, targets };
};

/** Null before the first time. */
const time = (milliseconds: number | undefined) =>
  milliseconds === undefined ? null : new Date(milliseconds).toISOString();

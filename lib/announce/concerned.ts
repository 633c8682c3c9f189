import type { Plan } from "../discovery/current.ts";
import type { Provider } from "../discovery/provider.ts";
import type { ProviderStatus } from "../pool/status.ts";

export interface Concerned {
  readonly providers: readonly Provider[];
  /** Their own records, wherever they were before, and the abandoned ones. */
  readonly known: readonly ProviderStatus[];
}

/** The cluster's providers, and the records to go with them. */
export const concerned = (cluster: string, plan: Plan, statuses: readonly ProviderStatus[]): Concerned => {
  const providers = plan.providers.filter((provider) => provider.cluster === cluster);
  const own = new Set(providers.map(({ id }) => id));
  const planned = new Set(plan.providers.map(({ id }) => id));
  const isAbandoned = (status: ProviderStatus) => status.cluster === cluster && !planned.has(status.provider);
  return { providers, known: statuses.filter((status) => own.has(status.provider) || isAbandoned(status)) };
};

import type { History } from "../history/history.ts";
import type { Asked } from "./route.ts";

/** A provider with a past that the asker may see, and for which jobs. */
export interface Owned {
  readonly id: string;
  readonly cluster: string;
  readonly jobs: readonly string[];
  /** It is looked at still. */
  readonly isCurrent: boolean;
}

/** The providers of the plan, and those that left it while their history is kept. */
export const ownedProviders = async (
  { plan, access }: Asked,
  history: Pick<History, "owners">,
): Promise<Owned[]> => {
  const current = plan.providers.map(({ id, cluster, jobs }) => ({ id, cluster, jobs, isCurrent: true }));
  const known = new Set(current.map(({ id }) => id));
  const gone = (await history.owners())
    .filter(({ provider, cluster }) => !known.has(provider) && access.readsCluster(cluster))
    .map(({ provider, cluster, jobs }) => ({
      id: provider,
      cluster,
      jobs: jobs.filter(access.readsJob),
      isCurrent: false,
    }));
  return [...current, ...gone.filter(({ jobs }) => jobs.length > 0)];
};

/** Every job with a past, in alphabetical order. */
export const jobsOf = (providers: readonly Owned[]): string[] =>
  [...new Set(providers.flatMap(({ jobs }) => jobs))].sort();

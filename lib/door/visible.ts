import type { Plan } from "../discovery/current.ts";
import type { Provider } from "../discovery/provider.ts";
import type { Access } from "./access.ts";

/** The plan as far as the asker may see it, so that no route has to think of that again. */
export const visiblePlan = (plan: Plan, access: Access): Plan => {
  const jobs = plan.configuration.jobs.filter(({ name }) => access.readsJob(name));
  return {
    ...plan,
    configuration: { ...plan.configuration, jobs },
    providers: visibleProviders(plan, access),
  };
};

/** Providers with a job that the asker may read, and only those jobs of them. */
export const visibleProviders = ({ providers }: Plan, access: Access): Provider[] =>
  providers
    .filter(({ cluster }) => access.readsCluster(cluster))
    .map((provider) => ({ ...provider, jobs: provider.jobs.filter(access.readsJob) }))
    .filter(({ jobs }) => jobs.length > 0);

import type { Plan } from "../discovery/current.ts";
import type { Access } from "../door/access.ts";

/** The plan as far as the asker may see it, so that no route has to think of that again. */
export const visiblePlan = (plan: Plan, access: Access): Plan => {
  const configuration = {
    ...plan.configuration,
    jobs: plan.configuration.jobs.filter(({ name }) => access.readsJob(name)),
  };
  const providers = plan.providers
    .filter(({ cluster }) => access.readsCluster(cluster))
    .map((provider) => ({ ...provider, jobs: provider.jobs.filter(access.readsJob) }))
    .filter(({ jobs }) => jobs.length > 0);
  return { ...plan, configuration, providers };
};

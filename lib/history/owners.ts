import type { TargetGroupChanged } from "../targetgroup/event.ts";
import { type Owner, ownerLife } from "./log.ts";

/** Remembers which providers the log was told of, so that they are written now and then and not with every batch. */
export const createOwners = (clock: () => number) => {
  const known = new Map<string, { jobs: string; at: number }>();
  const isDue = ({ provider, jobs }: Owner) => {
    const last = known.get(provider);
    return last === undefined || last.jobs !== JSON.stringify(jobs) || clock() - last.at > ownerLife / 2;
  };
  return {
    due: (events: readonly TargetGroupChanged[]): Owner[] => {
      // A provider that left the configuration serves no job any more; whose it was is known.
      const serving = events.filter(({ jobs }) => jobs.length > 0);
      const owners = serving.map(({ provider, cluster, jobs }) => ({ provider, cluster, jobs }));
      return [...new Map(owners.map((owner) => [owner.provider, owner])).values()].filter(isDue);
    },
    told: (owners: readonly Owner[]): void => {
      for (const { provider, jobs } of owners)
        known.set(provider, { jobs: JSON.stringify(jobs), at: clock() });
    },
  };
};

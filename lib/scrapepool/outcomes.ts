import type { Job } from "../config/configuration.ts";
import { createPopulator, type Populated, type Populator } from "../relabel/populate.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";

/** What the job's configuration makes of each target of the group, in the group's order; found out once. */
export const outcomesOf = (job: Job, group: TargetGroup): readonly Populated[] => {
  const { populator, known } = memoryOf(job);
  const before = known.get(group);
  if (before !== undefined) return before;
  const outcomes = group.targets.map((target) => populator.populate(target, group.labels));
  known.set(group, outcomes);
  return outcomes;
};

/** Whether that is known already, and costs nothing. */
export const isKnown = (job: Job, group: TargetGroup): boolean => memoryOf(job).known.has(group);

/** The job's rules, compiled once. */
export const populatorOf = (job: Job): Populator => memoryOf(job).populator;

interface Memory {
  readonly populator: Populator;
  readonly known: WeakMap<TargetGroup, readonly Populated[]>;
}

/** By the objects themselves: a group that changed is another object, and so is a job of a configuration that was read anew. */
const memories = new WeakMap<Job, Memory>();

const memoryOf = (job: Job): Memory => {
  const before = memories.get(job);
  if (before !== undefined) return before;
  const memory = { populator: createPopulator(job), known: new WeakMap<TargetGroup, readonly Populated[]>() };
  memories.set(job, memory);
  return memory;
};

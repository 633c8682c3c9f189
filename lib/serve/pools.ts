import { createHash } from "node:crypto";
import type { Job } from "../config/configuration.ts";
import { byBytes } from "../config/go-text.ts";
import { jobIdentity } from "../scrapepool/identity.ts";
import { readScrapePool, type ScrapePool, type Views } from "../scrapepool/scrapepool.ts";
import type { Asked, ServeParts } from "./route.ts";

/** A job with what the pool holds for it now. */
export interface JobViews {
  readonly job: Job;
  readonly views: Views;
  /** Another as soon as anything about the job's targets is. */
  readonly tag: string;
}

/** By name, as Prometheus lists its pools. */
export const sortedJobs = (jobs: readonly Job[]): Job[] => [...jobs].sort((a, b) => byBytes(a.name, b.name));

/** Of these jobs, in their order; nothing is relabelled. */
export const readJobs = (jobs: readonly Job[], { plan }: Asked, { lists }: ServeParts): Promise<JobViews[]> =>
  Promise.all(
    jobs.map(async (job) => {
      const ids = plan.providers.filter((provider) => provider.jobs.includes(job.name)).map(({ id }) => id);
      const { views, tag } = await lists.read(ids);
      return { job, views, tag };
    }),
  );

export interface JobPool extends JobViews {
  readonly pool: ScrapePool;
}

/** The targets of these jobs, one job after the other: each may be a second's work when it is new. */
export const readPools = async (jobs: readonly JobViews[]): Promise<JobPool[]> => {
  const pools: JobPool[] = [];
  for (const one of jobs) pools.push({ ...one, pool: await readScrapePool(one.job, one.views) });
  return pools;
};

/** For an answer to a question about these jobs. */
export const answerTag = (jobs: readonly JobViews[], question: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify([1, question, jobs.map(({ job, tag }) => [job.name, jobIdentity(job), tag])]))
    .digest("base64url")
    .slice(0, 22);

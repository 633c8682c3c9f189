import assert from "node:assert/strict";
import { type AcceptedDifference, isAcceptedGone, withoutNewLabels } from "./accepted.ts";
import { compareTargets } from "./compare.ts";
import { eventually } from "./eventually.ts";
import type { Labels, Prometheus } from "./prometheus.ts";
import type { JudgedJob } from "./world/jobs.ts";

/** What both sides agree on. */
export interface Agreed {
  /** Our targets by job, as the judge got them from our lists. */
  readonly targets: ReadonlyMap<string, readonly Labels[]>;
  /** The accepted differences that occurred. */
  readonly used: ReadonlySet<AcceptedDifference>;
}

export interface AgreeOptions {
  readonly prometheus: Prometheus;
  readonly jobs: readonly JudgedJob[];
  readonly seconds: number;
  /** What more the agreed state must have; throws until it does. */
  readonly also?: (agreed: Agreed) => void;
}

/** Waits until Prometheus's own discovery and our lists have the same targets for every job; else says what differs. */
export const agree = ({ prometheus, jobs, seconds, also }: AgreeOptions): Promise<Agreed> =>
  eventually("both sides have the same targets", seconds, async () => {
    const found = await prometheus.targets();
    const used = new Set<AcceptedDifference>();
    const targets = new Map(jobs.map(({ name }) => [name, (found.get(`rollcall/${name}`) ?? []).map(plain)]));
    const lines = jobs.flatMap(({ name }) => {
      const ours = (targets.get(name) ?? []).map((labels) => withoutNewLabels(labels, used));
      const judged = (found.get(`direct/${name}`) ?? []).map(plain);
      const theirs = judged.filter((labels) => !isAcceptedGone(labels, name, used));
      return shortened(compareTargets(ours, theirs)).map((line) => `job ${name}: ${line}`);
    });
    assert.equal(lines.length, 0, lines.join("\n"));
    also?.({ targets, used });
    return { targets, used };
  });

/** One mistake shows in most targets of many jobs. */
const shortened = (lines: readonly string[]) =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `and ${lines.length - mostLines} more`];

const mostLines = 4;

/** Without what must differ: the job's name, where an HTTP SD list came from, and the name that our settings gave a cluster. */
const plain = ({
  job: _job,
  __meta_url: _url,
  __meta_rollcall_cluster: _cluster,
  ...labels
}: Labels): Labels => labels;

/** The job as Rollcall gets it. */
export const ourJob = ({ name, discovery }: JudgedJob) => ({
  job_name: name,
  kubernetes_sd_configs: [discovery],
});

/** The same job twice for Prometheus: by its own discovery, and by our list. */
export const bothJobs = ({ name, discovery, judged }: JudgedJob, url: string) => [
  { job_name: `direct/${name}`, kubernetes_sd_configs: [judged ?? discovery] },
  { job_name: `rollcall/${name}`, http_sd_configs: [{ url: `${url}/sd/${name}`, refresh_interval: "2s" }] },
];

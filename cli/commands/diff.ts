import { type Command, UsageError } from "../command.ts";
import { readConfiguration } from "../configuration.ts";
import { allowedLoss } from "../diff/allowed.ts";
import { type DiffedJob, diffJobs } from "../diff/diff.ts";
import { diffText } from "../diff/report.ts";
import { writeAnswer } from "../output/answer.ts";
import { withProgress } from "../output/progress.ts";
import { serverOf } from "../server/server.ts";
import { limitIn } from "./targets.ts";

/** `rollcall diff`: what a proposed configuration would do to the targets there are. */
export const diff: Command = {
  name: "diff",
  summary: "show what a proposed configuration would gain, lose and relabel",
  options: {
    config: { kind: "text", value: "FILE", isFile: true, about: "the proposed prometheus.yml; needed" },
    settings: { kind: "text", value: "FILE", isFile: true, about: "the rollcall.yml that goes with it" },
    kubeconfig: { kind: "text", value: "FILE", isFile: true, about: "as `up` takes it" },
    against: { kind: "text", value: "URL", about: "the Rollcall that runs; as --server" },
    "max-lost": { kind: "text", value: "N|P%", about: "how many targets may be lost, 0 unless given" },
    limit: { kind: "text", value: "NUMBER", about: "targets shown of each job and kind, 10 unless given" },
  },
  details:
    "Applies the proposed relabelling to the live pool and compares with what is scraped now. What a block would\nfind that nobody looks at yet is said to be unknown. Ends with 1 when more are lost than allowed.",
  run: async (given, io) => {
    const file = given.text("config");
    if (file === undefined) throw new UsageError("diff needs --config FILE");
    const allowed = allowedLoss(given.text("max-lost") ?? "0");
    const most = limitIn(given.text("limit") ?? "10");
    const proposed = await readConfiguration(file, given);
    const server = await serverOf(given, io, given.text("against") ?? given.text("server"));
    const jobs = await withProgress(io, (tell) => diffJobs(proposed, server, tell));
    const [now, lost] = [sum(jobs, (job) => job.before), sum(jobs, (job) => job.lost.length)];
    const isTooMuch = lost > allowed(now);
    writeAnswer({ given, io }, { now, lost, allowed: allowed(now), jobs }, () =>
      diffText(jobs, { io, most }),
    );
    if (isTooMuch)
      io.err.write(`${lost} of ${now} targets would be lost, and ${allowed(now)} may be (--max-lost)\n`);
    return isTooMuch ? 1 : 0;
  },
};

const sum = (jobs: readonly DiffedJob[], count: (job: DiffedJob) => number): number =>
  jobs.reduce((total, job) => total + count(job), 0);

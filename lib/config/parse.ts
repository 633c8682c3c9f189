import type { Configuration, Job } from "./configuration.ts";
import { type Mistake, Refusal } from "./decode.ts";
import { type Document, jobDocument, mainDocument } from "./document.ts";
import { ConfigurationError, type Finding } from "./error.ts";
import type { Global } from "./global.ts";
import { quoted } from "./go-text.ts";
import type { WrittenJob } from "./job.ts";
import { checkJob } from "./job-check.ts";
import type { SourceFile } from "./source-file.ts";
import type { Sources } from "./sources.ts";
import type { Block } from "./types.ts";
import { rulesOf } from "./whereabouts.ts";

/**
 * Reads `prometheus.yml` and the files of its `scrape_config_files` as Prometheus does: strictly, with its
 * defaults and messages (spec §1.2, §2.1, §4). Throws a ConfigurationError that has every mistake, the one that
 * Prometheus would print first. Nothing is expanded: `${X}` stays as written.
 */
export const parseConfiguration = ({
  main,
  jobFiles,
}: Sources): { configuration: Configuration; warnings: string[] } => {
  const document = mainDocument(main);
  const names = new Map<string, string>();
  const checked = checkMain(document, names);
  const findings = [...located(main, document.mistakes), ...located(main, checked.mistakes)];
  const jobs = [...checked.jobs];
  for (const file of jobFiles) {
    const more = jobDocument(file);
    const found = checkJobs(more.jobs, { global: document.global, names, place: quoted(file.path) });
    findings.push(...located(file, more.mistakes), ...located(file, found.mistakes));
    jobs.push(...found.jobs);
  }
  if (findings.length > 0) throw new ConfigurationError(findings);
  return { configuration: { jobs }, warnings: warningsOf(document) };
};

const located = (file: SourceFile, mistakes: readonly Mistake[]): Finding[] => {
  const ruleAt = rulesOf(file.text);
  return mistakes.map(({ place, message }) => {
    const within = ruleAt(place);
    return { file: file.path, ...place, message, ...(within !== undefined && { within }) };
  });
};

const warningsOf = ({ ignored }: Document): string[] =>
  ignored.length === 0 ? [] : [`sections that discovery does not use are ignored: ${ignored.join(", ")}`];

interface Checked {
  readonly jobs: readonly Job[];
  readonly mistakes: readonly Mistake[];
}

const filePattern = /^[^*]*(\*[^/]*)?$/;

const checkMain = (document: Document, names: Map<string, string>): Checked => {
  const { jobs, mistakes } = checkJobs(document.jobs, { global: document.global, names, place: "" });
  const bad = document.jobFiles.find(({ pattern }) => !filePattern.test(pattern));
  if (bad === undefined) return { jobs, mistakes };
  const message = `invalid scrape config file path ${quoted(bad.pattern)}`;
  return { jobs, mistakes: [{ place: bad.place, message }, ...mistakes] };
};

interface Surroundings {
  readonly global: Global | undefined;
  /** The names taken so far, each with the place that took it, worded as the message wants it. */
  readonly names: Map<string, string>;
  /** The file these jobs stand in; empty for the main one. */
  readonly place: string;
}

const checkJobs = (blocks: readonly Block<WrittenJob>[], around: Surroundings): Checked => {
  const jobs: Job[] = [];
  const mistakes: Mistake[] = [];
  for (const block of blocks.filter(({ good }) => good)) {
    try {
      jobs.push(...checkOne(block, around));
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      mistakes.push({ place: thrown.place, message: thrown.message });
    }
  }
  return { jobs, mistakes };
};

const checkOne = (
  { value, place }: Block<WrittenJob>,
  { global, names, place: file }: Surroundings,
): Job[] => {
  if (value === undefined) throw new Refusal(place, "empty or null scrape config section");
  // Without a sound `global` its jobs cannot be judged; its own mistake is reported already.
  const jobs = global === undefined ? [] : [checkJob(value, global)];
  const first = names.get(value.name);
  if (first !== undefined) {
    const suffix = file === "" ? "" : `, first found in ${first}`;
    const message = `found multiple scrape configs with job name ${quoted(value.name)}${suffix}`;
    throw new Refusal(value.at("job_name"), message);
  }
  names.set(value.name, file === "" ? "main config file" : file);
  return jobs;
};

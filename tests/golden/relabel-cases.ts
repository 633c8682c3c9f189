import { readdirSync, readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import * as z from "zod";
import type { Job } from "../../lib/config/configuration.ts";
import { parseConfiguration } from "../../lib/config/parse.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";

/**
 * The cases under tests/golden/relabel: a job with rules, the groups it discovers, and what the specification makes of them.
 * tests/golden/relabel.test.ts holds our code to them, tests/e2e/relabel.test.ts has a real Prometheus judge the same jobs.
 */
export const relabelCases = (): RelabelCase[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yml"))
    .sort()
    .flatMap((file) => casesSchema.parse(read(file)));

/** Whole numbers stay exact: a modulus has 64 bits. */
const read = (file: string): unknown =>
  parse(readFileSync(new URL(file, folder), "utf8"), { intAsBigInt: true });

const folder = new URL("relabel/", import.meta.url);

/** The case as a job for Prometheus and for us. */
export const scrapeConfigOf = ({ name, job, groups, labels }: RelabelCase): ScrapeConfig => ({
  job_name: name,
  ...job,
  static_configs: groups ?? [{ targets: [defaultAddress], labels }],
});

export type ScrapeConfig = Readonly<Record<string, unknown>> & { readonly job_name: string };

export const defaultAddress = "a:1";

/** Jobs as our own reader reads them, each with the groups of its static block. */
export const jobsOf = (configs: readonly ScrapeConfig[]): readonly JobWithGroups[] => {
  const main = { path: "prometheus.yml", text: configurationText(configs) };
  return parseConfiguration({ main, jobFiles: [] }).configuration.jobs.map((job) => ({
    job,
    groups: job.sdConfigs.flatMap((sd) => (sd.mechanism === "static" ? sd.groups : [])),
  }));
};

export interface JobWithGroups {
  readonly job: Job;
  readonly groups: readonly TargetGroup[];
}

export const configurationText = (configs: readonly ScrapeConfig[]): string =>
  stringify({ scrape_configs: configs }, { aliasDuplicateObjects: false });

const caseSchema = z.strictObject({
  name: z.string(),
  job: z.record(z.string(), z.unknown()).default({}),
  labels: z.record(z.string(), z.string()).default({}),
  groups: z.array(z.looseObject({})).optional(),
  /** The public labels of the active targets; a null label is one that there is not. */
  active: z.array(z.record(z.string(), z.string().nullable())).default([]),
  /** What they are scraped from. */
  urls: z.array(z.string()).optional(),
  dropped: z.coerce.number().default(0),
  failed: z.array(z.string()).default([]),
  /** Why `active` and `urls` are Prometheus's to say alone. */
  skip_expected: z.string().optional(),
});
const casesSchema = z.array(caseSchema);
export type RelabelCase = z.infer<typeof caseSchema>;

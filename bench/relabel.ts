import { parse, stringify } from "yaml";
import type { Job } from "../lib/config/configuration.ts";
import { parseConfiguration } from "../lib/config/parse.ts";
import { syncTargets } from "../lib/relabel/sync.ts";
import type { TargetGroup } from "../lib/targetgroup/targetgroup.ts";
import type { About, Figure } from "./support/figure.ts";
import { podGroups } from "./support/groups.ts";
import { tenRules } from "./support/rules.ts";
import { median, spreadOf } from "./support/statistics.ts";

export const about: About = {
  says: "Targets of pods through relabelling rules to final labels, in memory.",
  minutes: 0.5,
};

const targetCount = 100_000;
const runs = 5;

const shardRules = `
- { action: hashmod, source_labels: [__address__], modulus: 4, target_label: __tmp_hash }
- { action: keep, source_labels: [__tmp_hash], regex: "1" }
`;

export const bench = async (): Promise<Figure[]> => {
  const groups = podGroups(targetCount / 2);
  const target = { most: 2000, says: "at most 2 s" };
  return [
    { ...timed("ten rules, one labelmap among them", tenRules, groups), target },
    timed("hashmod and keep", shardRules, groups),
  ];
};

const timed = (name: string, text: string, groups: readonly TargetGroup[]): Figure => {
  const taken: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    // A job read anew: its rules are compiled within the time.
    const job = jobOf(text);
    const began = performance.now();
    syncTargets(job, groups);
    taken.push(performance.now() - began);
  }
  const at = `${targetCount.toLocaleString("en-US")} targets`;
  return { name, unit: "ms", at, ours: median(taken), spread: spreadOf(taken) };
};

const jobOf = (rules: string): Job => {
  const text = stringify({ scrape_configs: [{ job_name: "pods", relabel_configs: parse(rules) }] });
  return parseConfiguration({ main: { path: "prometheus.yml", text }, jobFiles: [] }).configuration.jobs[0]!;
};

import { parse, stringify } from "yaml";
import type { Job } from "../lib/config/configuration.ts";
import { parseConfiguration } from "../lib/config/parse.ts";
import { type SyncedTargets, syncTargets } from "../lib/relabel/sync.ts";
import type { TargetGroup } from "../lib/targetgroup/targetgroup.ts";
import { machine, median, milliseconds, print } from "./support/figures.ts";
import { podGroups } from "./support/groups.ts";
import { tenRules } from "./support/rules.ts";

const targetCount = 100_000;
const runs = 5;

const shardRules = `
- { action: hashmod, source_labels: [__address__], modulus: 4, target_label: __tmp_hash }
- { action: keep, source_labels: [__tmp_hash], regex: "1" }
`;

/** 100,000 targets of pods through ten rules, one labelmap among them, to final labels; the target is 2 s. */
export const bench = () => {
  const groups = podGroups(targetCount / 2);
  process.stdout.write(`${machine()}; ${targetCount} targets, median of ${runs} runs\n`);
  print([
    ["rules", "first", "median", "active", "dropped"],
    row("ten named", tenRules, groups),
    row("hashmod and keep", shardRules, groups),
  ]);
};

const row = (name: string, text: string, groups: readonly TargetGroup[]): string[] => {
  const taken: number[] = [];
  let last: SyncedTargets | undefined;
  for (let run = 0; run < runs; run += 1) {
    // A job read anew: its rules are compiled within the time.
    const job = jobOf(text);
    const began = performance.now();
    last = syncTargets(job, groups);
    taken.push(performance.now() - began);
  }
  const counts = [last?.active.length, last?.droppedCount].map(String);
  return [name, milliseconds(taken[0]!), milliseconds(median(taken)), ...counts];
};

const jobOf = (rules: string): Job => {
  const text = stringify({ scrape_configs: [{ job_name: "pods", relabel_configs: parse(rules) }] });
  return parseConfiguration({ main: { path: "prometheus.yml", text }, jobFiles: [] }).configuration.jobs[0]!;
};

import { parse, stringify } from "yaml";
import type { Job } from "../lib/config/configuration.ts";
import { parseConfiguration } from "../lib/config/parse.ts";
import { readScrapePool, type Views } from "../lib/scrapepool/scrapepool.ts";
import { viewsOf } from "../tests/fakes/views.ts";
import type { About, Figure } from "./support/figure.ts";
import { podGroups } from "./support/groups.ts";
import { tenRules } from "./support/rules.ts";
import { wholeNumber } from "./support/settings.ts";
import { median, spreadOf } from "./support/statistics.ts";

export const about: About = {
  says: "Targets of pods through relabelling rules to final labels, in memory.",
  minutes: 0.5,
};

const targetCount = wholeNumber("ROLLCALL_BENCH_TARGETS", 100_000);
const runs = 5;

const shardRules = `
- { action: hashmod, source_labels: [__address__], modulus: 4, target_label: __tmp_hash }
- { action: keep, source_labels: [__tmp_hash], regex: "1" }
`;

export const bench = async (): Promise<Figure[]> => {
  const views = viewsOf(podGroups(targetCount / 2));
  // As in a warm process; no work of relabelling.
  for (const view of views.values()) view.sorted();
  const target = { most: 2000, says: "at most 2 s" };
  return [
    { ...(await timed("ten rules, one labelmap among them", tenRules, views)), target },
    await timed("hashmod and keep", shardRules, views),
  ];
};

const timed = async (name: string, text: string, views: Views): Promise<Figure> => {
  const taken: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    // A job read anew: its rules are compiled within the time, and nothing is remembered of any group.
    const job = jobOf(text);
    const began = performance.now();
    const { targets } = await readScrapePool(job, views);
    taken.push(performance.now() - began);
    if (targets.length !== targetCount) throw new Error(`${targets.length} targets, not ${targetCount}`);
  }
  const at = `${targetCount.toLocaleString("en-US")} targets`;
  return { name, unit: "ms", at, ours: median(taken), spread: spreadOf(taken) };
};

const jobOf = (rules: string): Job => {
  const text = stringify({ scrape_configs: [{ job_name: "pods", relabel_configs: parse(rules) }] });
  return parseConfiguration({ main: { path: "prometheus.yml", text }, jobFiles: [] }).configuration.jobs[0]!;
};

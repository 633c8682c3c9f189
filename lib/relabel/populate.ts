import type { Job } from "../config/configuration.ts";
import { durationText } from "../config/duration.ts";
import type { LabelSet } from "../targetgroup/targetgroup.ts";
import { compiledRules, droppingRule } from "./apply.ts";
import { finalError } from "./check.ts";
import { createNameSorter, type Labels } from "./labels.ts";
import { type RelabelStep, stepsOf } from "./steps.ts";
import { createWorking, labelsNow, type Working } from "./working.ts";

/** What the labels of a job's targets depend on. */
type PopulatingJob = Pick<
  Job,
  | "name"
  | "scrapeInterval"
  | "scrapeTimeout"
  | "metricsPath"
  | "scheme"
  | "params"
  | "histograms"
  | "relabelConfigs"
>;

/** What becomes of one discovered target. */
export type Populated =
  /** Sorted by name; those that begin with `__` are there too, except `__meta_…`. */
  | { readonly state: "active"; readonly labels: Labels }
  /** `rule` is the index of the rule that dropped it. */
  | { readonly state: "dropped"; readonly rule: number }
  /** Neither active nor dropped; Prometheus logs the text. */
  | { readonly state: "failed"; readonly error: string };

/** Each takes a target's own labels and those of its group. */
export interface Populator {
  /** What is shown as `discoveredLabels`, sorted by name. */
  discovered(target: LabelSet, group: LabelSet): Labels;
  /** The same labels, read one by one, until the next call of any of these; an absent one is empty. */
  reader(target: LabelSet, group: LabelSet): Pick<Working, "get">;
  populate(target: LabelSet, group: LabelSet): Populated;
  /** What each of the job's rules does to the target's labels. */
  steps(target: LabelSet, group: LabelSet): RelabelStep[];
}

/** From discovered targets to final labels (spec/prometheus-sd.md §4.3, after `scrape/target.go`), with a job's rules compiled once. */
export const createPopulator = (job: PopulatingJob): Populator => {
  const rules = compiledRules(job.relabelConfigs);
  const working = createWorking(defaultsOf(job));
  const discoveredNames = createNameSorter();
  const finalNames = createNameSorter((name) => !isMeta(name));
  const begin = (target: LabelSet, group: LabelSet) => {
    working.begin(target, group);
    return working;
  };
  return {
    discovered: (target, group) => labelsNow(begin(target, group), discoveredNames),
    reader: begin,
    populate: (target, group) => {
      const rule = droppingRule(begin(target, group), rules);
      return rule === undefined ? finished(working, finalNames) : { state: "dropped", rule };
    },
    steps: (target, group) => stepsOf(begin(target, group), job.relabelConfigs),
  };
};

/** What a target gets for each of these labels that it has no value of. */
const defaultsOf = (job: PopulatingJob): ReadonlyMap<string, string> => {
  const named: [string, string][] = [
    ["job", job.name],
    ["__scrape_interval__", durationText(job.scrapeInterval)],
    ["__scrape_timeout__", durationText(job.scrapeTimeout)],
    ["__metrics_path__", job.metricsPath],
    ["__scheme__", job.scheme],
    ["__convert_classic_histograms_to_nhcb__", String(job.histograms.convertClassicHistogramsToNhcb)],
    ["__always_scrape_classic_histograms__", String(job.histograms.alwaysScrapeClassicHistograms)],
    ["__scrape_native_histograms__", String(job.histograms.scrapeNativeHistograms)],
  ];
  const params = Object.keys(job.params)
    .sort()
    .map((key): [string, string] => [`__param_${key}`, job.params[key]?.[0] ?? ""]);
  return new Map([...named, ...params].filter(([, value]) => value !== ""));
};

/** The rest of the road of a target that the rules kept: checks, no more meta labels, an instance. */
const finished = (working: Working, byName: ReturnType<typeof createNameSorter>): Populated => {
  const error = finalError(working);
  if (error !== undefined) return { state: "failed", error };
  if (working.get("instance") === "") working.set("instance", working.get("__address__"));
  return { state: "active", labels: labelsNow(working, byName) };
};

/** What a target was discovered with; no final label is called so. */
export const isMeta = (name: string): boolean => name.startsWith("__meta_");

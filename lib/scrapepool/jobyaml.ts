import { stringify } from "yaml";
import type { Job } from "../config/configuration.ts";
import { durationText } from "../config/duration.ts";
import { ruleFields } from "./rulejson.ts";
import { discoveryFields } from "./sdyaml.ts";

/** A job as an entry of `scrape_configs`, its defaults spelled out and `<secret>` for every secret. */
export const jobYaml = (job: Job): string => stringify(jobFields(job), { aliasDuplicateObjects: false });

const jobFields = (job: Job) => ({
  job_name: job.name,
  ...(Object.keys(job.params).length === 0 ? {} : { params: job.params }),
  scrape_interval: durationText(job.scrapeInterval),
  scrape_timeout: durationText(job.scrapeTimeout),
  metrics_path: job.metricsPath,
  scheme: job.scheme,
  ...(job.keepDroppedTargets === 0 ? {} : { keep_dropped_targets: job.keepDroppedTargets }),
  convert_classic_histograms_to_nhcb: job.histograms.convertClassicHistogramsToNhcb,
  always_scrape_classic_histograms: job.histograms.alwaysScrapeClassicHistograms,
  scrape_native_histograms: job.histograms.scrapeNativeHistograms,
  ...(job.relabelConfigs.length === 0
    ? {}
    : { relabel_configs: job.relabelConfigs.map((rule) => Object.fromEntries(ruleFields(rule))) }),
  ...discoveryFields(job.sdConfigs),
});

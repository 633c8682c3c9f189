import type { Job } from "../config/configuration.ts";
import { type Labels, publicLabels } from "../relabel/labels.ts";
import type { ActiveTarget } from "../relabel/unique.ts";
import { scrapeUrl } from "../relabel/url.ts";
import { reasonFor, stateOf } from "./find.ts";
import { globalUrl } from "./globalurl.ts";
import { labelsJson } from "./json.ts";
import { discoveredLabels, type PoolTarget, type ScrapePool } from "./scrapepool.ts";

/** An active target as `/api/v1/targets` has it before its first scrape. `host` is what the reader called us. */
export const activeTargetJson = (
  job: Job,
  { origin, labels }: ActiveTarget<PoolTarget>,
  host: string,
): string => {
  const url = scrapeUrl(labels, job.params);
  const members = [
    `"discoveredLabels":${labelsJson(discoveredLabels(job, origin))}`,
    `"labels":${labelsJson(publicLabels(labels))}`,
    `"scrapePool":${JSON.stringify(job.name)}`,
    `"scrapeUrl":${JSON.stringify(url)}`,
    `"globalUrl":${JSON.stringify(globalUrl(url, host))}`,
    neverScraped,
    `"scrapeInterval":${labelJson(labels, "__scrape_interval__")}`,
    `"scrapeTimeout":${labelJson(labels, "__scrape_timeout__")}`,
  ];
  return `{${members.join(",")}}`;
};

export const droppedTargetJson = (job: Job, target: PoolTarget): string =>
  `{"discoveredLabels":${labelsJson(discoveredLabels(job, target))},"scrapePool":${JSON.stringify(job.name)}}`;

export interface Found {
  readonly job: Job;
  readonly pool: ScrapePool;
  readonly target: PoolTarget;
  readonly cluster: string;
}

/** A target as `/api/v1/search` has it. `labels` are all final ones, those that begin with `__` too; empty where there are none. */
export const foundTargetJson = ({ job, pool, target, cluster }: Found): string => {
  const { outcome, provider, entry } = target;
  const labels: Labels = outcome.state === "active" ? outcome.labels : new Map();
  const reason = reasonFor(job, pool, target);
  const members = [
    `"job":${JSON.stringify(job.name)}`,
    `"state":"${stateOf(pool, target)}"`,
    ...(reason === undefined ? [] : [`"reason":${JSON.stringify(reason)}`]),
    `"provider":${JSON.stringify(provider)}`,
    `"cluster":${JSON.stringify(cluster)}`,
    `"source":${JSON.stringify(entry.source)}`,
    `"discoveredLabels":${labelsJson(discoveredLabels(job, target))}`,
    `"labels":${labelsJson(labels)}`,
    ...(outcome.state === "active" ? [`"scrapeUrl":${JSON.stringify(scrapeUrl(labels, job.params))}`] : []),
  ];
  return `{${members.join(",")}}`;
};

const labelJson = (labels: Labels, name: string) => JSON.stringify(labels.get(name) ?? "");

const neverScraped =
  '"lastError":"","lastScrape":"0001-01-01T00:00:00Z","lastScrapeDuration":0,"health":"unknown"';

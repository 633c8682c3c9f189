import type { Job } from "../config/configuration.ts";
import { type Labels, publicLabels } from "../relabel/labels.ts";
import type { ActiveTarget } from "../relabel/unique.ts";
import { scrapeUrl } from "../relabel/url.ts";
import type { ShownTarget } from "./compact.ts";
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

/** What is shown of a target that was looked for. `labels` are all final ones, those that begin with `__` too; none for one that is not active. */
export const shownTarget = ({
  job,
  pool,
  target,
  cluster,
}: Found): ShownTarget & Record<"discoveredLabels" | "labels", Labels> => {
  const { outcome, provider, entry } = target;
  const labels: Labels = outcome.state === "active" ? outcome.labels : new Map();
  return {
    job: job.name,
    state: stateOf(pool, target),
    reason: reasonFor(job, pool, target) ?? "",
    provider,
    cluster,
    source: entry.source,
    discoveredLabels: discoveredLabels(job, target),
    labels,
    scrapeUrl: outcome.state === "active" ? scrapeUrl(labels, job.params) : "",
  };
};

/** A target as `/api/v1/search` has it; a reason or URL that there is none of is left out. */
export const foundTargetJson = (found: Found): string => {
  const shown = shownTarget(found);
  const { job, state, reason, provider, cluster, source } = shown;
  const members = [
    `"job":${JSON.stringify(job)}`,
    `"state":"${state}"`,
    ...(reason === "" ? [] : [`"reason":${JSON.stringify(reason)}`]),
    `"provider":${JSON.stringify(provider)}`,
    `"cluster":${JSON.stringify(cluster)}`,
    `"source":${JSON.stringify(source)}`,
    `"discoveredLabels":${labelsJson(shown.discoveredLabels)}`,
    `"labels":${labelsJson(shown.labels)}`,
    ...(shown.scrapeUrl === "" ? [] : [`"scrapeUrl":${JSON.stringify(shown.scrapeUrl)}`]),
  ];
  return `{${members.join(",")}}`;
};

const labelJson = (labels: Labels, name: string) => JSON.stringify(labels.get(name) ?? "");

const neverScraped =
  '"lastError":"","lastScrape":"0001-01-01T00:00:00Z","lastScrapeDuration":0,"health":"unknown"';

import { isList, isMap, quotedText, type Tree, type TreeMap, textOf } from "./tree.ts";

/** Where the scraper finds Rollcall, and the file with its token as the scraper sees it. */
export interface Source {
  readonly server: string;
  readonly tokenFile: string | undefined;
  /** Between two questions; undefined where the scraper has one interval for all. */
  readonly refreshInterval: string | undefined;
  /** Rollcall applies the jobs' `relabel_configs`, so that the scraper has none. */
  readonly isRelabelled: boolean;
  /** Only this part of the targets, counted from 0. */
  readonly shard: { readonly index: number; readonly of: number } | undefined;
}

export const listUrl = ({ server, isRelabelled, shard }: Source, job: string): string => {
  const query = new URLSearchParams({
    ...(shard && { shard: String(shard.index), of: String(shard.of) }),
    ...(isRelabelled && { relabel: "true" }),
  });
  return `${server}/sd/${encodeURIComponent(job)}${query.size === 0 ? "" : `?${query}`}`;
};

/**
 * A job with one HTTP SD block in place of all its discovery blocks; everything else stays. One that names its targets
 * itself and discovers nothing is left as it is: undefined.
 */
export const rewritten = (job: TreeMap, source: Source): TreeMap | undefined => {
  if (![...job.keys()].some(isDiscovery)) return undefined;
  const result = new Map<string, Tree>();
  const block = new Map<string, Tree>([["url", quotedText(listUrl(source, textOf(job, "job_name") ?? ""))]]);
  if (source.refreshInterval !== undefined) {
    block.set("refresh_interval", { text: source.refreshInterval, plain: true });
  }
  if (source.tokenFile !== undefined) {
    block.set("authorization", new Map([["credentials_file", quotedText(source.tokenFile)]]));
  }
  for (const [key, value] of job) {
    if (key === "relabel_configs" && source.isRelabelled) continue;
    const isFound = isDiscovery(key) || key === "static_configs";
    if (!isFound) result.set(key, value);
    else result.set("http_sd_configs", [block]);
  }
  return result;
};

const isDiscovery = (key: string) => key.endsWith("_sd_configs");

/** The jobs of a file, each rewritten where there is something to rewrite. */
export const rewrittenRoot = (
  root: TreeMap,
  source: Source,
): { readonly root: TreeMap; readonly left: readonly string[] } => {
  const left: string[] = [];
  const jobs = jobsIn(root).map((job) => {
    const next = rewritten(job, source);
    if (next === undefined) left.push(textOf(job, "job_name") ?? "");
    return next ?? job;
  });
  const entries = [...root].map(([key, value]): [string, Tree] => [
    key,
    key === "scrape_configs" ? jobs : value,
  ]);
  return { root: new Map(entries), left };
};

export const jobsIn = (root: TreeMap): TreeMap[] => {
  const list = root.get("scrape_configs");
  return isList(list) ? list.filter(isMap) : [];
};

import { isList, isMap, isNothing, isScalar, quotedText, type Tree, type TreeMap, textOf } from "./tree.ts";

/** What vmagent's own reader refuses is taken out, each with a word about it; what it calls otherwise is renamed. */
export const forVmagent = (root: TreeMap): { readonly root: TreeMap; readonly notes: readonly string[] } => {
  const notes: string[] = [];
  const leave = (whose: string, keys: readonly string[]) => {
    if (keys.length > 0) notes.push(`${whose}: vmagent has no ${keys.join(", ")}; left out`);
  };
  const top = only(root, new Set(["global", "scrape_configs", "scrape_config_files"]));
  leave("the file", top.gone);
  const result = new Map(top.kept);
  const global = root.get("global");
  if (isMap(global)) {
    const own = only(global, globalKeys);
    leave("global", own.gone);
    result.set("global", own.kept);
  }
  const jobs = root.get("scrape_configs");
  if (isList(jobs)) {
    result.set(
      "scrape_configs",
      jobs.filter(isMap).map((job) => {
        const own = only(renamed(job), jobKeys);
        leave(`job ${textOf(job, "job_name")}`, own.gone);
        return own.kept;
      }),
    );
  }
  return { root: result, notes };
};

const globalKeys = new Set(["scrape_interval", "scrape_timeout", "external_labels"]);

/** What vmagent's strict reader of 1.145 knows of a job of Prometheus. */
const jobKeys = new Set([
  "job_name",
  "scrape_interval",
  "scrape_timeout",
  "metrics_path",
  "scheme",
  "params",
  "honor_labels",
  "honor_timestamps",
  "sample_limit",
  "label_limit",
  "max_scrape_size",
  "disable_compression",
  "follow_redirects",
  "proxy_url",
  "headers",
  "basic_auth",
  "authorization",
  "oauth2",
  "bearer_token",
  "bearer_token_file",
  "tls_config",
  "relabel_configs",
  "metric_relabel_configs",
  "http_sd_configs",
  "static_configs",
]);

const only = (map: TreeMap, keys: ReadonlySet<string>) => ({
  kept: new Map([...map].filter(([key]) => keys.has(key))),
  gone: [...map.keys()].filter((key) => !keys.has(key)),
});

/** Two options have another name there, and one the opposite sense. */
const renamed = (job: TreeMap): TreeMap => {
  const entries = [...job].map(([key, value]): [string, Tree] => {
    if (key === "body_size_limit") return ["max_scrape_size", value];
    if (key === "enable_compression" && isScalar(value)) {
      return [
        "disable_compression",
        { text: /^(?:false|no|off)$/i.test(value.text) ? "true" : "false", plain: true },
      ];
    }
    const headers = key === "http_headers" && isMap(value) ? plainHeaders(value) : undefined;
    return headers === undefined ? [key, value] : ["headers", headers];
  });
  return new Map(entries);
};

/** Undefined when one of them is read from a file, which vmagent cannot. */
const plainHeaders = (headers: TreeMap): Tree | undefined => {
  const lines: Tree[] = [];
  for (const [name, block] of headers) {
    if (!isMap(block) || block.has("files")) return undefined;
    for (const list of [block.get("values"), block.get("secrets")]) {
      if (!isList(list)) continue;
      for (const value of list)
        if (isScalar(value) && !isNothing(value)) lines.push(quotedText(`${name}: ${value.text}`));
    }
  }
  return lines;
};

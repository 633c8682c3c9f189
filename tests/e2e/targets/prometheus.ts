import { runPrometheus } from "../prometheus.ts";
import type { ScrapeConfig } from "./jobs.ts";

/** A real Prometheus that relabels and would scrape, had it not a proxy where nobody listens. */
export const startScraper = (configs: readonly ScrapeConfig[]) =>
  runPrometheus({
    scrape_configs: configs.map((config) => ({ ...config, proxy_url: "http://127.0.0.1:9" })),
  });

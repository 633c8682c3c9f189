import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { configurationText, type ScrapeConfig } from "../golden/relabel-cases.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { runPrometheusOn } from "./prometheus.ts";

/** What a real Prometheus made of the targets of one job. */
export interface JudgedTargets {
  readonly active: readonly Active[];
  readonly dropped: readonly { readonly discoveredLabels: Record<string, string> }[];
  readonly droppedCount: number;
  /** The texts it logged for targets that are neither. */
  readonly failed: readonly string[];
}

/** A running Prometheus, the judge. */
export interface RelabelJudge {
  /** By job, read once every pool has its targets. */
  readonly targets: ReadonlyMap<string, JudgedTargets>;
  /** The conditions of a selector as name, operator and value; undefined when it refuses the selector. */
  conditions(selector: string): Promise<(readonly [string, string, string])[] | undefined>;
  stop(): Promise<void>;
}

/** Runs Prometheus on jobs whose targets never change. Nothing is scraped. */
export const startRelabelJudge = async (configs: readonly ScrapeConfig[]): Promise<RelabelJudge> => {
  const folder = temporaryFolder("relabel");
  const file = join(folder.path, "prometheus.yml");
  const unscraped = configs.map((config) => ({ ...config, proxy_url: "http://127.0.0.1:9" }));
  writeFileSync(file, configurationText(unscraped));
  const prometheus = await runPrometheusOn(file).finally(folder.remove);
  try {
    const targets = await eventually("Prometheus has all targets", 40, async () => {
      assert.equal(prometheus.exit(), undefined, `Prometheus ended: ${prometheus.output()}`);
      assert.equal(await syncedPools(prometheus.url), configs.length);
      return byJob(configs, await read(prometheus.url), failuresIn(prometheus.output()));
    });
    return {
      targets,
      conditions: (selector) => conditionsOf(prometheus.url, selector),
      stop: prometheus.stop,
    };
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
};

const byJob = (
  configs: readonly ScrapeConfig[],
  { activeTargets, droppedTargets, droppedTargetCounts }: z.infer<typeof answer>["data"],
  failed: readonly { readonly pool: string; readonly error: string }[],
): ReadonlyMap<string, JudgedTargets> => {
  assert.equal(Object.keys(droppedTargetCounts).length, configs.length);
  const judged = ({ job_name: name }: ScrapeConfig): JudgedTargets => ({
    active: activeTargets.filter(({ scrapePool }) => scrapePool === name),
    dropped: droppedTargets.filter(({ scrapePool }) => scrapePool === name),
    droppedCount: droppedTargetCounts[name] ?? 0,
    failed: failed.filter(({ pool }) => pool === name).map(({ error }) => error),
  });
  return new Map(configs.map((config) => [config.job_name, judged(config)]));
};

const labels = z.record(z.string(), z.string());
const activeSchema = z.object({
  discoveredLabels: labels,
  labels,
  scrapePool: z.string(),
  scrapeUrl: z.string(),
  scrapeInterval: z.string(),
  scrapeTimeout: z.string(),
});
type Active = z.infer<typeof activeSchema>;

const answer = z.object({
  data: z.object({
    activeTargets: z.array(activeSchema),
    droppedTargets: z.array(z.object({ discoveredLabels: labels, scrapePool: z.string() })),
    droppedTargetCounts: z.record(z.string(), z.int()),
  }),
});

/** A pool is shown from its beginning, its dropped targets before its active ones; it is counted once it has them all. */
const syncedPools = async (url: string): Promise<number> => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return [...metrics.matchAll(/^prometheus_target_scrape_pool_sync_total\{.*\} [1-9]/gm)].length;
};

const read = async (url: string) => {
  const response = await fetch(`${url}/api/v1/targets?state=any`);
  return answer.parse(await response.json()).data;
};

const parsed = z.object({
  status: z.string(),
  error: z.string().default(""),
  data: z
    .object({
      type: z.string(),
      matchers: z.array(z.object({ name: z.string(), type: z.string(), value: z.string() })).optional(),
    })
    .optional(),
});

/** None for a selector that Prometheus refuses because every series has it: that is no matter of syntax. */
const conditionsOf = async (url: string, selector: string) => {
  const query = encodeURIComponent(selector);
  const response = await fetch(`${url}/api/v1/parse_query?query=${query}`);
  const { error, data } = parsed.parse(await response.json());
  if (error.includes("at least one non-empty matcher")) return [];
  if (data?.type !== "vectorSelector") return undefined;
  return data.matchers?.map(({ name, type, value }) => [name, type, value] as const);
};

const failuresIn = (output: string) =>
  [...output.matchAll(/msg="Creating target failed".* scrape_pool=(".*?[^\\]"|\S+) err=(".*")$/gm)].map(
    ([, pool = "", error = ""]) => ({ pool: unquoted(pool), error: unquoted(error) }),
  );

/** What Go's log writes in quotes, as JSON reads it. */
const unquoted = (text: string): string =>
  text.startsWith('"')
    ? z
        .string()
        .parse(JSON.parse(text.replace(/\\(x(..)|v|a)/g, (all, _escape, hex) => (hex ? `\\u00${hex}` : all))))
    : text;

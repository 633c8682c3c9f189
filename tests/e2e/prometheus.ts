import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import * as z from "zod";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { freePort } from "./ports.ts";
import { type Program, repository, runProgram, startProgram } from "./process.ts";

export type Labels = Readonly<Record<string, string>>;

/** The real Prometheus 3.5, the judge of these suites. */
export interface Prometheus {
  /** The discovered labels of every target, by job; a job without targets is absent. */
  targets(): Promise<Map<string, Labels[]>>;
  stop(): Promise<void>;
}

/** One job: its name and its discovery blocks. */
export type DiscoveryJob = Readonly<Record<string, unknown>> & { readonly job_name: string };

export const startPrometheus = async (jobs: readonly DiscoveryJob[]): Promise<Prometheus> => {
  const { url, stop } = await runPrometheus({ scrape_configs: jobs.map(neverScraped) });
  return { targets: () => readTargets(url), stop };
};

/** Runs the real program on a configuration; `files` lie beside it, `flags` are added to its own. */
export const runPrometheus = async (
  configuration: object,
  files: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<RunningPrometheus> => {
  const folder = temporaryFolder("prometheus");
  const file = join(folder.path, "prometheus.yml");
  writeFileSync(file, stringify(configuration, { aliasDuplicateObjects: false }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
  try {
    const running = await runPrometheusOn(file, flags);
    return { ...running, stop: () => running.stop().finally(folder.remove) };
  } catch (error) {
    folder.remove();
    throw error;
  }
};

export interface RunningPrometheus extends Program {
  readonly url: string;
}

/** The same on a file that is there already. */
export const runPrometheusOn = async (
  file: string,
  flags: readonly string[] = [],
): Promise<RunningPrometheus> => {
  const binary = await findPrometheus();
  const data = temporaryFolder("prometheus-data");
  const address = `127.0.0.1:${await freePort()}`;
  const storage = `--storage.tsdb.path=${data.path}`;
  const words = [
    `--config.file=${file}`,
    storage,
    `--web.listen-address=${address}`,
    "--log.level=warn",
    ...flags,
  ];
  const program = startProgram(binary, words, data.path);
  const stop = () => program.stop().finally(data.remove);
  try {
    await eventually("Prometheus is ready", 30, async () => {
      assert.equal(program.exit(), undefined, `Prometheus ended: ${program.output().slice(-1000)}`);
      assert.equal((await fetch(`http://${address}/-/ready`)).status, 200);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...program, url: `http://${address}`, stop };
};

/**
 * Everything is dropped by a rule, for two reasons: nothing is scraped, and dropped targets are never merged, so that
 * the target API shows the raw groups (spec §1.4). The proxy is a second lock: nobody listens there.
 */
const neverScraped = (job: DiscoveryJob) => ({
  ...job,
  proxy_url: "http://127.0.0.1:9",
  relabel_configs: [{ action: "drop", regex: ".*" }],
});

/** Where the program is; fails when it is not there. */
export const findPrometheus = async (): Promise<string> => {
  const get = join(repository, "../shared/peers/get");
  if (!existsSync(get)) throw new Error(`the suite needs a real Prometheus 3.5: ${get} is missing`);
  const binary = join((await runProgram(get, ["prometheus"])).trim(), "prometheus");
  if (!existsSync(binary)) throw new Error(`the suite needs a real Prometheus 3.5: ${binary} is missing`);
  return binary;
};

const answer = z.object({
  data: z.object({
    droppedTargets: z.array(
      z.object({ discoveredLabels: z.record(z.string(), z.string()), scrapePool: z.string() }),
    ),
    activeTargets: z.array(z.unknown()).max(0),
  }),
});

const readTargets = async (url: string) => {
  const response = await fetch(`${url}/api/v1/targets?state=any`);
  const { data } = answer.parse(await response.json());
  return new Map(
    [...Map.groupBy(data.droppedTargets, (target) => target.scrapePool)].map(([job, targets]) => [
      job,
      targets.map((target) => target.discoveredLabels),
    ]),
  );
};

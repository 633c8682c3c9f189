import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import * as z from "zod";
import { eventually } from "../../tests/e2e/eventually.ts";
import { freePort } from "../../tests/e2e/ports.ts";
import { type Program, startProgram } from "../../tests/e2e/process.ts";
import { awsOf } from "./awsof.ts";
import { podGroups } from "./groups.ts";
import { tenRules } from "./rules.ts";
import { createSeed } from "./seeded.ts";
import { fetchText } from "./text.ts";

/** The local run with a pool that is full already, and nobody who discovers: what is timed is reading alone. */
export interface FilledPool {
  readonly targets: number;
  /** A fresh process on the full table, which has read nothing yet; the one before is stopped. Its URL. */
  restart(): Promise<string>;
  /** Of the process that runs. */
  pid(): number;
}

/** One job `pods`, whose targets go through ten rules. Half as many pods as targets. */
export const withFilledPool = async <Result>(
  targets: number,
  work: (pool: FilledPool) => Promise<Result>,
): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  process.stdout.write(`filling the table with ${targets} targets …\n`);
  let running: Running | undefined;
  const restart = async () => {
    await running?.program.stop();
    running = await start(folder);
    return running.url;
  };
  try {
    await restart();
    await fill(folder, { targets, provider: await onlyProvider(running!.url) });
    return await work({ targets, restart, pid: () => running?.program.pid ?? 0 });
  } finally {
    await running?.program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Running {
  readonly program: Program;
  readonly url: string;
}

const start = async (folder: string): Promise<Running> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, "prometheus.yml");
  writeFileSync(config, stringify({ scrape_configs: [pods] }));
  const environment = join(folder, "environment.json");
  rmSync(environment, { force: true });
  const script = join(import.meta.dirname, "alone", "cloud.ts");
  // Flags as in `npm start`.
  const flags = ["--max-semi-space-size=8", "--heap-growing-percent=50"];
  const words = [...flags, script, folder, config, String(port), "discover", "relay"];
  const program = startProgram(process.execPath, words);
  await eventually("the configuration is accepted", 60, async () => {
    assert.equal(program.exit(), undefined, program.output().slice(-300));
    assert.ok(existsSync(environment));
    await onlyProvider(url);
  });
  return { program, url };
};

const pods = {
  job_name: "pods",
  // Neither is ever asked: nobody discovers, and nobody scrapes.
  kubernetes_sd_configs: [{ role: "pod", api_server: "http://127.0.0.1:9" }],
  proxy_url: "http://127.0.0.1:9",
  relabel_configs: parse(tenRules),
};

const providers = z.object({
  data: z.object({ providers: z.array(z.object({ provider: z.string() })).length(1) }),
});

const onlyProvider = async (url: string): Promise<string> =>
  providers.parse(JSON.parse(await fetchText(`${url}/api/v1/providers`)())).data.providers[0]!.provider;

const fill = (folder: string, { targets, provider }: { targets: number; provider: string }) => {
  const seed = createSeed(awsOf(join(folder, "environment.json")).table, podGroups(targets / 2));
  return seed({ provider, cluster: provider, job: pods.job_name });
};

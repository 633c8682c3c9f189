import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import * as z from "zod";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { compressGroup } from "../../lib/pool/body.ts";
import { createDynamoPool, createDynamoStatuses } from "../../lib/pool/dynamodb.ts";
import { groupItem } from "../../lib/pool/item.ts";
import type { ProviderStatus } from "../../lib/pool/status.ts";
import { createClient, createTable, type Table } from "../../lib/table/dynamodb.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import { eventually } from "../../tests/e2e/eventually.ts";
import { freePort } from "../../tests/e2e/ports.ts";
import { type Program, startProgram } from "../../tests/e2e/process.ts";
import { machine } from "./figures.ts";
import { podGroups } from "./groups.ts";
import { tenRules } from "./rules.ts";
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
export const withFilledPool = async (
  targets: number,
  work: (pool: FilledPool) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  process.stdout.write(`${machine()}\nfilling the table with ${targets} targets …\n`);
  let running: Running | undefined;
  const restart = async () => {
    await running?.program.stop();
    running = await start(folder);
    return running.url;
  };
  try {
    await restart();
    await fill(folder, { targets, provider: await onlyProvider(running!.url) });
    await work({ targets, restart, pid: () => running?.program.pid ?? 0 });
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

/** As the reducer would have left it, but without a condition per item. */
const fill = async (folder: string, { targets, provider }: { targets: number; provider: string }) => {
  const table = tableOf(join(folder, "environment.json"));
  const groups = podGroups(targets / 2);
  for (let from = 0; from < groups.length; from += 1000) {
    const some = groups.slice(from, from + 1000);
    await table.putMany(some.map((group, at) => itemOf(group, from + at, provider)));
  }
  await createDynamoStatuses(table, { warn: () => {} }).put(
    statusOf({ provider, sources: groups.length, targets }),
  );
  const blobs = createDynamoBlobs(table, Date.now);
  await createDynamoPool(table, { blobs, clock: Date.now }).bump(provider);
};

const environment = z.object({
  TABLE_NAME: z.string(),
  AWS_ENDPOINT_URL_DYNAMODB: z.string(),
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
});

/** The running program's table, reached as its functions reach it. */
const tableOf = (file: string): Table => {
  const functions = environment.parse(JSON.parse(readFileSync(file, "utf8")));
  const client = createClient({
    endpoint: functions.AWS_ENDPOINT_URL_DYNAMODB,
    region: functions.AWS_REGION,
    credentials: {
      accessKeyId: functions.AWS_ACCESS_KEY_ID,
      secretAccessKey: functions.AWS_SECRET_ACCESS_KEY,
    },
  });
  return createTable(functions.TABLE_NAME, { client });
};

const itemOf = (group: ReturnType<typeof podGroups>[number], sequence: number, provider: string) =>
  groupItem({
    event: {
      schema: 1,
      provider,
      cluster: provider,
      jobs: [pods.job_name],
      change: "updated",
      version: { epoch: 1, sequence },
      hash: contentHash(group),
      observedAt: new Date().toISOString(),
      group: { ...group, targets: [...group.targets] },
    },
    source: group.source,
    targets: group.targets.length,
    place: { body: compressGroup(group) },
    moved: Date.now(),
  });

/** After one look that succeeded. */
const statusOf = (counts: Pick<ProviderStatus, "provider" | "sources" | "targets">): ProviderStatus => {
  const now = Date.now();
  return {
    ...counts,
    mechanism: "kubernetes",
    role: "pod",
    cluster: counts.provider,
    jobs: [pods.job_name],
    every: 60_000,
    lastAttempt: now,
    lastSuccess: now,
    lastError: "",
    lastDurationSeconds: 1,
    counters: { looks: 1, failures: 0, added: counts.sources, updated: 0, removed: 0 },
    filled: true,
  };
};

import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { systemClock } from "../../lib/clock.ts";
import { createDynamoAccepted } from "../../lib/config/dynamodb.ts";
import type { FollowMode } from "../../lib/config/settings.ts";
import { createPlanReader } from "../../lib/discovery/current.ts";
import type { Provider } from "../../lib/discovery/provider.ts";
import { createClient, createTable, type Table } from "../../lib/table/dynamodb.ts";
import { acceptConfiguration } from "../../lib/tick/accept.ts";
import { gather } from "../../lib/tick/gather.ts";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import type { ApiServer } from "../../local/demo/apiserver.ts";
import { printTemplate } from "../../local/template/print.ts";
import type { Printed } from "../../local/template/printed.ts";

export interface FleetCloud extends Cloud {
  /** One for each server, in no order: the configuration is accepted, and nothing is ordered yet. */
  readonly providers: readonly Provider[];
  /** By a client of our own: the functions' would remember where it was when it was first asked. */
  readonly table: Table;
}

/** The job that every server belongs to. */
export const job = "pods";

/** The local cloud on a configuration that names these servers; what reaches clusters runs a few at a time. */
export const startFleetCloud = async (
  folder: string,
  { servers, follow }: { servers: readonly ApiServer[]; follow: FollowMode },
): Promise<FleetCloud> => {
  const root = resolve(import.meta.dirname, "../..");
  const config = join(folder, "prometheus.yml");
  const blocks = servers.map(({ url, token }) => {
    return { role: "pod", api_server: url, authorization: { credentials: token } };
  });
  const pods = { job_name: job, proxy_url: "http://127.0.0.1:9", kubernetes_sd_configs: blocks };
  writeFileSync(config, stringify({ scrape_configs: [pods] }));
  const printed = await printTemplate(root, join(root, "node_modules", ".cache", "rollcall"));
  const cloud = await startCloud({
    printed: withTimeToWait(printed),
    root: inTurns(root, { folder, functions: printed.functions }),
    dataDir: join(folder, "data"),
    variables: {
      ...{ WHERE: "local", CONFIG_FILE: config, SETTINGS_FILE: "", KUBECONFIG_FILE: "", FOLLOW: follow },
      ...{ DOOR_BYTES_PER_SECOND: "0", LOG_LEVEL: "error" },
    },
    clock: systemClock,
    random: Math.random,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const client = createClient({ endpoint: String(process.env.AWS_ENDPOINT_URL_DYNAMODB) });
  const table = createTable(String(process.env.TABLE_NAME), { client });
  return { ...cloud, table, providers: await accepted(table, config, follow) };
};

const accepted = async (
  table: Table,
  configFile: string,
  follow: FollowMode,
): Promise<readonly Provider[]> => {
  const documents = createDynamoAccepted(table, {
    blobs: createDynamoBlobs(table, Date.now),
    clock: Date.now,
  });
  const log = { debug() {}, info() {}, warn() {}, error() {}, trail() {} };
  const read = () => gather({ configFile, inCluster: false, follow });
  await acceptConfiguration({ gather: read, accepted: documents, log });
  return (await createPlanReader(documents)())?.providers ?? [];
};

/** As many as have a processor each, or nearly. A lease runs out under who has none. */
const atOnce = 4;

type Run = (event: unknown, context: Context) => Promise<unknown>;

interface Context {
  getRemainingTimeInMillis(): number;
}

/** What waits for its turn here would begin at once in the cloud, and has all of its time once it does. */
const withAllItsTime = (context: Context, milliseconds: number): Context => {
  const began = Date.now();
  return { ...context, getRemainingTimeInMillis: () => Math.max(0, milliseconds - (Date.now() - began)) };
};

/** Seconds that an invocation may last here, its turn included. */
const patience = 3600;

const withTimeToWait = (printed: Printed): Printed => {
  const { discover, ...functions } = printed.functions;
  return {
    ...printed,
    functions: { ...functions, ...(discover && { discover: { ...discover, timeout: patience } }) },
  };
};

/**
 * Handlers before the real ones. In the cloud a hundred looks have a hundred machines; here they share one process, and all at
 * once none would end in its time: `discover` runs a few at a time, as its `discoverConcurrency` does, and relays begin one after another.
 */
const inTurns = (
  root: string,
  { folder, functions }: { folder: string; functions: Printed["functions"] },
): string => {
  const milliseconds = (functions.discover?.timeout ?? 0) * 1000;
  const running = createLimit(atOnce);
  const starting = createLimit(1);
  Object.assign(globalThis, {
    fleetTurns: {
      discover:
        (run: Run): Run =>
        (event, context) =>
          running(() => run(event, withAllItsTime(context, milliseconds))),
      relay:
        (run: Run): Run =>
        async (event, context) => {
          await starting(() => new Promise((done) => setTimeout(done, betweenRelays)));
          return run(event, context);
        },
    },
  });
  const own = join(folder, "handlers");
  mkdirSync(join(own, "functions"), { recursive: true });
  for (const name of Object.keys(functions)) {
    const real = `import { handler as real } from ${JSON.stringify(join(root, "functions", `${name}.ts`))};`;
    const turned = `globalThis.fleetTurns.${name}?.(real) ?? real`;
    writeFileSync(join(own, "functions", `${name}.mjs`), `${real}\nexport const handler = ${turned};\n`);
  }
  return own;
};

/** Milliseconds; a relay of two large clusters has its lists by then. */
const betweenRelays = 3_000;

const createLimit = (most: number) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
};

import { chmodSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemClock } from "../lib/clock.ts";
import { shortestRelist } from "../lib/config/adapter-block.ts";
import { ConfigurationError } from "../lib/config/error.ts";
import { shortestResolution } from "../lib/config/metrics/settings.ts";
import { understand } from "../lib/config/understand.ts";
import { ownCredentials } from "../lib/credential/credentials.ts";
import { kubeconfigServer } from "../lib/discovery/kubernetes/kubeconfig.ts";
import { reasonOf } from "../lib/errors.ts";
import { gather } from "../lib/tick/gather.ts";
import { followAdapters } from "./adapter/follow.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { type Demo, demoFiles, startDemo } from "./demo/demo.ts";
import { type Gateway, listen } from "./gateway/gateway.ts";
import { isLoopbackHost } from "./loopback.ts";
import { type Options, openRefusal, readOptions, usage } from "./options.ts";
import { preparePage } from "./page.ts";
import { printTemplate } from "./template/print.ts";
import { watchFiles } from "./watch.ts";

/** The local run (design §3.5): every function of serverless.yml in this process. */
const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") return say(usage);
  if ("refused" in options) return end(2, options.refused);
  if (options.config !== undefined) await check({ ...options, config: options.config });
  const gateway = await listen(options.listen).catch((thrown) => end(1, refusalOf(thrown, options)));
  makeDataFolder(options.data);
  const started = await start(options, gateway);
  // Whoever reads the greeting may end us at once.
  stopOnSignal(started);
  await greet(started.greeting);
  void started.cloud.failed.then((error) => end(1, `${reasonOf(error)}\n`));
};

/** Its owner's alone: a configuration may have literal secrets. */
const makeDataFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  } catch (thrown) {
    end(2, `--data ${folder}: ${reasonOf(thrown)}\n`);
  }
};

const root = resolve(import.meta.dirname, "..");

interface Started {
  readonly gateway: Gateway;
  readonly cloud: Cloud;
  readonly demo: Demo | undefined;
  readonly adapters: ReturnType<typeof followAdapters>;
  readonly stopWatching: () => void;
  readonly greeting: Greeting;
}

interface Greeting {
  readonly url: string;
  readonly configFile: string;
  readonly settingsFile: string | undefined;
  readonly data: string;
  readonly isDemo: boolean;
}

const start = async (options: Options, gateway: Gateway): Promise<Started> => {
  const building = preparePage(complain);
  const printing = printTemplate(root, join(root, "node_modules", ".cache", "rollcall"));
  const isDemo = options.config === undefined;
  const own = demoFiles(join(options.data, "demo"));
  const files = isDemo
    ? { configFile: own.configFile, settingsFile: own.settingsFile }
    : { configFile: options.config, settingsFile: options.settings };
  // The function that serves the page reads it as it is loaded.
  await building;
  const cloud = await startCloud({
    printed: await printing,
    root,
    dataDir: options.data,
    variables: {
      WHERE: "local",
      CONFIG_FILE: files.configFile,
      SETTINGS_FILE: files.settingsFile ?? "",
      KUBECONFIG_FILE: options.kubeconfig ?? "",
      // Here a relay costs nothing, and every change shows within a second (design §3.7).
      FOLLOW: "relay",
      LONG_POLL_SECONDS: "25",
      DOOR_BYTES_PER_SECOND: "0",
    },
    clock: systemClock,
    random: Math.random,
    log: complain,
    // As quick as a resolution may be; a firing between two windows takes nothing.
    paces: { collect: shortestResolution, relist: shortestRelist },
  });
  // Not before the data folder is ours: the demo's files in it may belong to a program that runs.
  const demo = isDemo ? await demoIn(options.data) : undefined;
  gateway.open({ routes: cloud.template.routes, functions: cloud.functions, clock: systemClock });
  cloud.startSchedules();
  const given = { ...files, kubeconfigFile: options.kubeconfig, inCluster: isInCluster };
  const adapters = followAdapters({
    files: given,
    functions: cloud.functions,
    clock: systemClock,
    log: complain,
  });
  await adapters.first;
  const reload = (why: string) => {
    cloud.functions.invokeAsync("tick", { reload: why });
    adapters.again();
  };
  const stopWatching = await watchFiles({ files, clock: systemClock, changed: () => reload("file") });
  process.on("SIGHUP", () => reload("SIGHUP"));
  const greeting = { url: gateway.url, ...files, data: options.data, isDemo };
  return { gateway, cloud, demo, adapters, stopWatching, greeting };
};

const isInCluster = (process.env.KUBERNETES_SERVICE_HOST ?? "") !== "";

const demoIn = (data: string) =>
  startDemo({ folder: join(data, "demo"), random: Math.random, churnMilliseconds: 5000 });

/** Refuses a broken configuration before anything is touched. */
const check = async ({
  config,
  settings,
  kubeconfig,
  listen: { host },
}: Options & { config: string }): Promise<void> => {
  try {
    const files = {
      configFile: config,
      settingsFile: settings,
      kubeconfigFile: kubeconfig,
      inCluster: isInCluster,
    };
    if (kubeconfig !== undefined) await kubeconfigServer(kubeconfig, ownCredentials());
    const { warnings, settings: understood } = understand(await gather(files));
    if (understood.tokens.length === 0 && !isLoopbackHost(host)) end(2, openRefusal(host));
    for (const warning of warnings) complain(warning);
  } catch (thrown) {
    end(2, `${thrown instanceof ConfigurationError ? thrown.message : reasonOf(thrown)}\n`);
  }
};

const greet = async ({ url, configFile, settingsFile, data, isDemo }: Greeting): Promise<void> => {
  const { configuration, settings } = understand(await gather({ configFile, settingsFile, inCluster: true }));
  const lists = configuration.jobs.map(({ name }) => `  ${url}/sd/${encodeURIComponent(name)}\n`);
  const what = isDemo
    ? "a demo cluster and a demo Swarm (your own: npm start -- --config prometheus.yml)"
    : configFile;
  const metrics =
    settings.metrics === undefined
      ? ""
      : `Cluster metrics: ${url}/#/metrics, by Heapster's API ${url}/api/v1/model/nodes\n`;
  say(
    `Rollcall looks at ${what}\nand serves ${url}, its state in ${data}. Target lists, one a job:\n${lists.join("")}${metrics}`,
  );
};

const stopOnSignal = ({ gateway, cloud, demo, adapters, stopWatching }: Started) => {
  const stop = async () => {
    process.once("SIGINT", () => process.exit(130));
    setTimeout(() => process.exit(0), longestStop).unref();
    stopWatching();
    cloud.stop();
    await Promise.all([gateway.close(patience), adapters.close()]);
    await cloud.close();
    await demo?.close();
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
};

/** What has not ended by itself then is cut; the data folder bears it. Milliseconds. */
const longestStop = 4500;
const patience = 2000;

const refusalOf = (thrown: unknown, { listen: { host, port } }: Options): string =>
  thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE"
    ? `--listen ${host}:${port}: the address is taken, perhaps by another Rollcall\n`
    : `--listen ${host}:${port}: ${reasonOf(thrown)}\n`;

const say = (text: string): void => void process.stdout.write(text);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const end = (code: number, text: string): never => {
  process.stderr.write(text);
  process.exit(code);
};

await main().catch((thrown) => end(1, `${reasonOf(thrown)}\n`));

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { priceList } from "../cli/cost/prices.ts";
import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createMemoryBus } from "../lib/bus/memory.ts";
import { systemClock } from "../lib/clock.ts";
import { parseConfiguration } from "../lib/config/parse.ts";
import { parseSettings } from "../lib/config/rollcall.ts";
import { createLog } from "../lib/log.ts";
import { createCollect } from "../lib/metrics/collect.ts";
import { createDynamoCycles } from "../lib/metrics/cycles/dynamodb.ts";
import { keepHeapSmall, youngGeneration } from "../lib/metrics/heap.ts";
import { createOpenCluster } from "../lib/metrics/open.ts";
import { createSinks } from "../lib/metrics/sinks/sinks.ts";
import { createDynamoStore } from "../lib/metrics/store/dynamodb.ts";
import { createLiveSource } from "../lib/model/live.ts";
import { type Question, questionOf } from "../lib/model/question.ts";
import type { ModelSource } from "../lib/model/source.ts";
import { createClient, createTable, type Item, type Table } from "../lib/table/dynamodb.ts";
import type { About, Figure } from "./support/figure.ts";
import { peakMegabytes } from "./support/memory.ts";
import { wholeNumber } from "./support/settings.ts";
import { median, spreadOf } from "./support/statistics.ts";

const nodes = wholeNumber("ROLLCALL_BENCH_NODES", 500);
const [pods, containers, delay, cycles, runs] = [30, 2, 50, 5, 20];

export const about: About = {
  says: "Cluster metrics of 500 nodes with 30,000 containers: a cycle's time, memory and writes, and the model's answers.",
  minutes: 1.5,
  flags: [youngGeneration],
};

export const bench = async (): Promise<Figure[]> => {
  keepHeapSmall();
  const world = await startWorld();
  try {
    const [endpoint, region] = [world.table, "eu-central-1"];
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = createClient({ endpoint, region, credentials });
    const writes = { items: 0, units: 0 };
    const table = counted(createTable("rollcall", { client }), writes);
    // Every cycle is of the next minute; kubelets keep their own time, which may be five minutes off.
    let ahead = 0;
    const now = () => Date.now() + ahead;
    const collect = collector(table, { ...world, now });
    const taken: Cycle[] = [];
    for (let cycle = 1; cycle <= cycles; cycle++) {
      Object.assign(writes, { items: 0, units: 0 });
      const [began, before] = [performance.now(), process.cpuUsage()];
      const [one] = await collect();
      if (one?.outcome !== "collected") throw new Error(`cycle ${cycle}: ${one?.outcome ?? "none"}`);
      const wall = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(before);
      taken.push({ wall, cpu: (user + system) / 1e6, ...writes });
      if (cycle < cycles) ahead += 60_000;
    }
    const at = now();
    const figures = [...figuresOf(taken), ...(await ask(table, () => at))];
    client.destroy();
    return figures;
  } finally {
    world.stop();
  }
};

/** Seconds, and what was written. */
interface Cycle {
  readonly wall: number;
  readonly cpu: number;
  readonly items: number;
  readonly units: number;
}

const figuresOf = (taken: readonly Cycle[]): Figure[] => {
  const at = `${nodes} nodes × ${pods} pods × ${containers} containers`;
  const seconds = (pick: (cycle: Cycle) => number): Pick<Figure, "at" | "unit" | "ours" | "spread"> => {
    const all = taken.map(pick);
    return { at, unit: "s", ours: median(all), spread: spreadOf(all) };
  };
  const { items = 0, units = 0 } = taken.at(-1) ?? {};
  const month = (units * 60 * 730 * priceList.prices.writes.usd) / 1e6;
  return [
    { name: "a cycle", ...seconds(({ wall }) => wall), target: { most: 10, says: "at most 10 s" } },
    { name: "CPU of a cycle", ...seconds(({ cpu }) => cpu) },
    {
      ...{ name: "peak memory", at, unit: "MB", ours: peakMegabytes(process.pid) },
      target: { most: 512, says: "at most 512 MB" },
    },
    { name: "items written by a cycle", at, unit: "", ours: items },
    { name: "write units of a cycle", at, unit: "", ours: units },
    { name: "those in a month, a cycle a minute", at, unit: "USD", ours: month },
  ];
};

const collector = (table: Table, { api, port, now }: { api: string; port: number; now: () => number }) => {
  const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });
  const text = `clusters: [{name: big, api_server: "${api}"}]\nmetrics: {sources: ["kubernetes.summary_api:?kubeletPort=${port}"]}`;
  const settings = parseSettings({ path: "rollcall.yml", text }, configuration);
  return createCollect({
    current: async () => ({ settings, servers: {} }),
    cycles: createDynamoCycles(table, createDynamoBlobs(table, now)),
    openCluster: createOpenCluster({ now, nodesInPool: async () => [] }),
    sinksOf: createSinks({ store: createDynamoStore(table, now), bus: createMemoryBus(), http: {} }),
    clock: { ...systemClock, now },
    random: Math.random,
    wait: (time) => new Promise((done) => setTimeout(done, time)),
    log: createLog({ level: "warn" }),
  });
};

/** A write unit for each kilobyte of an item, begun ones too. */
const counted = (table: Table, writes: { items: number; units: number }): Table => {
  const count = (...items: Item[]) => {
    writes.items += items.length;
    for (const item of items) writes.units += Math.ceil(sizeOf(item) / 1024);
  };
  return {
    ...table,
    put: (item, ...rest) => {
      count(item);
      return table.put(item, ...rest);
    },
    putMany: (items, ...rest) => {
      count(...items);
      return table.putMany(items, ...rest);
    },
    update: (key, expression, options) => {
      count(options.values ?? {});
      return table.update(key, expression, options);
    },
  };
};

const sizeOf = (item: Item): number =>
  Object.values(item).reduce((sum, value) => sum + (value.B?.length ?? JSON.stringify(value).length), 0);

const questions = [
  "metrics/cpu-usage",
  "nodes/node-7/metrics/memory/working_set",
  "namespaces/team-3/pods/web-7-3-5d9c7b8f6-x2k4q/metrics/memory-usage",
  "namespaces/team-3/pods/web-7-3-5d9c7b8f6-x2k4q/containers/c1/metrics/cpu/usage",
  "namespaces/team-3/pods/web-7-3-5d9c7b8f6-x2k4q/metrics",
  "nodes",
  "namespaces/team-3/pods",
];

/** How much was found. */
const answerTo = async (source: ModelSource, question: Question | undefined): Promise<number> => {
  if (question?.ask === "list") return (await source.list(question.list)).length;
  if (question?.ask === "names") return (await source.names(question.entity)).length;
  if (question === undefined) return 0;
  const [points = []] = await source.values({ ...question, range: { start: 0n, end: 2n ** 63n } });
  return points.length;
};

const ask = async (table: Table, now: () => number): Promise<Figure[]> => {
  const source = createLiveSource(createDynamoStore(table, now), "big");
  const figures: Figure[] = [];
  for (const path of questions) {
    const question = questionOf(path.split("/"));
    const took: number[] = [];
    for (let run = 0; run < runs; run++) {
      const began = performance.now();
      const found = await answerTo(source, question);
      // An empty store would answer quickly.
      if (found === 0) throw new Error(`${path}: nothing was found`);
      took.push(performance.now() - began);
    }
    const target = { most: 50, says: "at most 50 ms" };
    figures.push({ name: "model", at: path, unit: "ms", ours: median(took), spread: spreadOf(took), target });
  }
  return figures;
};

const started = z.object({ api: z.string(), port: z.number(), table: z.string() });

const startWorld = async () => {
  const file = join(import.meta.dirname, "support/alone/kubelets.ts");
  const sizes = [nodes, pods, containers, delay].map(String);
  const child = spawn(process.execPath, [file, ...sizes], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { ...started.parse(JSON.parse(String(line))), stop: () => child.kill() };
};

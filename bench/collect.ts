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
import { keepHeapSmall } from "../lib/metrics/heap.ts";
import { createOpenCluster } from "../lib/metrics/open.ts";
import { createSinks } from "../lib/metrics/sinks/sinks.ts";
import { createDynamoStore } from "../lib/metrics/store/dynamodb.ts";
import { createLiveSource } from "../lib/model/live.ts";
import { type Question, questionOf } from "../lib/model/question.ts";
import type { ModelSource } from "../lib/model/source.ts";
import { createClient, createTable, type Item, type Table } from "../lib/table/dynamodb.ts";
import { machine, median, milliseconds, peakMegabytes, print } from "./support/figures.ts";
import { wholeNumber } from "./support/settings.ts";

const nodes = wholeNumber("ROLLCALL_BENCH_NODES", 500);
const [pods, containers, delay, cycles, runs] = [30, 2, 50, 5, 20];

/** Cluster metrics of a large cluster: a cycle's time and memory, what it writes, and how long the model takes; targets 10 s, 512 MB, 50 ms. */
export const bench = async () => {
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
    const rows = [["cycle", "seconds", "CPU seconds", "peak MB", "items written", "write units", "outcome"]];
    for (let cycle = 1; cycle <= cycles; cycle++) {
      Object.assign(writes, { items: 0, units: 0 });
      const [began, before] = [performance.now(), process.cpuUsage()];
      const [one] = await collect();
      const took = ((performance.now() - began) / 1000).toFixed(2);
      const { user, system } = process.cpuUsage(before);
      const cpu = ((user + system) / 1e6).toFixed(2);
      rows.push(
        [
          cycle,
          took,
          cpu,
          Math.round(peakMegabytes(process.pid)),
          writes.items,
          writes.units,
          one?.outcome,
        ].map(String),
      );
      if (cycle < cycles) ahead += 60_000;
    }
    process.stdout.write(
      `${nodes} nodes × ${pods} pods × ${containers} containers, kubelets answer after ${delay} ms; ${machine()}\n`,
    );
    print(rows);
    const month = writes.units * 60 * 730;
    process.stdout.write(
      `${Math.round(month / 1e6)} M write units a month at a batch a minute: USD ${((month / 1e6) * perMillion).toFixed(0)}, at USD ${perMillion} a million\n`,
    );
    const at = now();
    await ask(table, () => at);
    client.destroy();
  } finally {
    world.stop();
  }
};

const perMillion = priceList.prices.writes.usd;

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

const ask = async (table: Table, now: () => number) => {
  const source = createLiveSource(createDynamoStore(table, now), "big");
  const rows = [["question", "median", "largest"]];
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
    rows.push([path, milliseconds(median(took)), milliseconds(Math.max(...took))]);
  }
  process.stdout.write(`\nthe model, out of a table on this machine, ${runs} times each\n`);
  print(rows);
};

const started = z.object({ api: z.string(), port: z.number(), table: z.string() });

const startWorld = async () => {
  const file = join(import.meta.dirname, "support/alone/kubelets.ts");
  const sizes = [nodes, pods, containers, delay].map(String);
  const child = spawn(process.execPath, [file, ...sizes], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { ...started.parse(JSON.parse(String(line))), stop: () => child.kill() };
};

import { createHash, randomUUID } from "node:crypto";
import { text as read } from "node:stream/consumers";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { parseSettings } from "../../../lib/config/rollcall.ts";
import { createLog } from "../../../lib/log.ts";
import type { DataBatch } from "../../../lib/metrics/batch.ts";
import type { CycleRecord } from "../../../lib/metrics/cycles/cycles.ts";
import { createMemoryStore } from "../../../lib/metrics/store/memory.ts";
import type { HistoricalSource } from "../../../lib/model/historical/influxdb.ts";
import { createModel } from "../../../lib/model/routes.ts";
import { start } from "../metrics/batches.ts";

const { configuration } = parseConfiguration({
  main: { path: "prometheus.yml", text: "scrape_configs: [{job_name: pods}]\n" },
  jobFiles: [],
});

export const clusters = `clusters: [{name: prod-eu, api_server: "https://127.0.0.1:1"}, {name: lab, api_server: "https://127.0.0.1:2"}]\n`;
export const usual = `metrics: {sources: ["kubernetes.summary_api:"]}\n`;

export interface WorldOptions {
  readonly settings?: string;
  readonly batches?: readonly DataBatch[];
  readonly records?: readonly CycleRecord[];
  readonly historical?: HistoricalSource;
  /** Nothing was accepted yet. */
  readonly isUnconfigured?: boolean;
  /** After the batches' start, milliseconds. */
  readonly later?: number;
}

export interface Answered {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Heapster's API over a store in memory. */
export const modelOf = async (options: WorldOptions = {}) => {
  const { settings = clusters + usual, batches = [], records = [], historical, later = 30_000 } = options;
  const clock = () => start + later;
  const store = createMemoryStore(clock);
  for (const batch of batches) await store.append(batch);
  const parsed = parseSettings({ path: "rollcall.yml", text: settings }, configuration);
  return createModel({
    current: async () => (options.isUnconfigured ? undefined : { settings: parsed, servers: {} }),
    store,
    cycles: { records: async () => [...records] },
    historicalOf: () => historical,
    clock,
    log: createLog({ level: "error", write: () => {} }),
  });
};

/** Gives what asks it. */
export const world = async (options: WorldOptions = {}) => {
  const model = await modelOf(options);
  return async (
    path: string,
    more: { method?: string; headers?: Record<string, string> } = {},
  ): Promise<Answered> => {
    const [pathname = "", query = ""] = path.split("?");
    const parameters = new URLSearchParams(query);
    const names = [...new Set(parameters.keys())];
    const { statusCode, headers, body } = await model({
      httpMethod: more.method ?? "GET",
      path: pathname,
      pathParameters: null,
      headers: { Host: "127.0.0.1", ...more.headers },
      multiValueQueryStringParameters: Object.fromEntries(
        names.map((name) => [name, parameters.getAll(name)]),
      ),
      requestContext: { identity: { sourceIp: "127.0.0.1" } },
    });
    return {
      status: statusCode,
      type: headers["Content-Type"],
      headers,
      body: typeof body === "string" ? body : await read(body),
    };
  };
};

/** A token that is made up, and how settings name it. */
export const madeUpToken = (scope: string) => {
  const token = randomUUID();
  const sha256 = createHash("sha256").update(token).digest("hex");
  return {
    written: `{name: n${token.slice(0, 6)}, sha256: ${sha256}, ${scope}}`,
    header: { authorization: `Bearer ${token}` },
  };
};

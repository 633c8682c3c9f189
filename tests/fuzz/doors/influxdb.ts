import fc from "fast-check";
import { Secret } from "../../../lib/config/secret.ts";
import { createInfluxClient } from "../../../lib/metrics/sinks/influxdb/client.ts";
import { createInfluxSource } from "../../../lib/model/historical/influxdb.ts";
import { answers } from "../answers.ts";
import type { Door } from "../door.ts";
import { password } from "../line.ts";

const time = "2025-12-31T12:00:00Z";
const series = {
  list: {
    columns: ["key", "value"],
    values: [
      ["nodename", "n1"],
      ["nodename", "n2"],
    ],
  },
  values: {
    columns: ["time", "value"],
    values: [
      [time, 5],
      [time, 9_007_199_254_740_991],
      [time, null],
    ],
  },
  aggregates: {
    columns: ["time", "mean", "max"],
    values: [
      [time, 1.5, 2],
      [time, null, null],
    ],
  },
} as const;
const entity = { kind: "node", node: "n1" } as const;
const wanted = {
  entities: [entity],
  metric: "cpu/usage",
  range: { start: 1n, end: 2_000_000_000_000_000_000n },
};

/** InfluxDB's answers to the historical API (spec A10.3). */
export const influxdb: Door = {
  name: "influxdb",
  runs: 30,
  open: async (scope) => [
    await answers(scope, {
      samples: fc.constantFrom("list" as const, "values" as const, "aggregates" as const),
      soundly: (kind) => ({ document: { results: [{ statement_id: 0, series: [series[kind]] }] } }),
      ask: async (server, kind, patience) => {
        const client = createInfluxClient({ ...settings, server: server.origin }, {});
        const ask = (statements: readonly string[]) => client.ask(statements, AbortSignal.timeout(patience));
        const source = createInfluxSource({ ask }, { withFields: false, clusterName: "prod-eu" });
        if (kind === "list") return source.list({ of: "nodes" });
        if (kind === "values") return source.values(wanted);
        return source.aggregates({ ...wanted, aggregations: ["average", "max"] });
      },
    }),
  ],
};

export const settings = {
  kind: "influxdb",
  user: "me",
  password: new Secret(password),
  database: "k8s",
  retention: "0",
  withFields: false,
  insecureTls: false,
  withoutCounters: false,
  concurrency: 1,
} as const;

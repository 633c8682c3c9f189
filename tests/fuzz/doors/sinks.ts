import fc from "fast-check";
import { Secret } from "../../../lib/config/secret.ts";
import type { Sink } from "../../../lib/metrics/sink.ts";
import { createElasticsearchSink } from "../../../lib/metrics/sinks/elasticsearch/sink.ts";
import { createInfluxSink } from "../../../lib/metrics/sinks/influxdb/sink.ts";
import { createOpenTsdbSink } from "../../../lib/metrics/sinks/opentsdb/sink.ts";
import { createRemoteWriteSink } from "../../../lib/metrics/sinks/remotewrite/sink.ts";
import { batchOf } from "../../unit/metrics/batches.ts";
import { answers } from "../answers.ts";
import type { Door } from "../door.ts";
import { password } from "../line.ts";
import type { Sound } from "../wire.ts";
import { settings as influx } from "./influxdb.ts";

const batch = batchOf({ "node:a": { labels: { type: "node" }, values: { uptime: 1, "cpu/usage": [2] } } });
const login = { username: "me", password: new Secret(password) };

/** Each with what it is answered when all is well. */
const kinds: Readonly<Record<string, { sink: (server: string) => Sink; sound: (path: string) => Sound }>> = {
  influxdb: {
    sink: (server) => createInfluxSink({ ...influx, server }, named("influxdb")),
    sound: () => ({ document: { results: [{ statement_id: 0 }] } }),
  },
  opentsdb: {
    sink: (server) => createOpenTsdbSink({ kind: "opentsdb", server, cluster: "k8s" }, named("opentsdb")),
    sound: () => ({ document: { failed: 0, success: 2 } }),
  },
  prometheus: {
    sink: (server) => {
      const own = { url: `${server}/api/v1/write`, prefix: "", insecureTls: false, login };
      return createRemoteWriteSink({ kind: "prometheus", ...own }, named("prometheus"));
    },
    sound: () => ({ text: "" }),
  },
  elasticsearch: {
    sink: (server) => {
      const own = { nodes: [server], index: "heapster", version: "8", pipeline: "", login } as const;
      return createElasticsearchSink({ kind: "elasticsearch", ...own }, named("elasticsearch"));
    },
    sound: (path) => ({
      document:
        path === "/_bulk" ? { errors: false, items: [{ index: { status: 201 } }] } : { acknowledged: true },
    }),
  },
};

const named = (name: string) => ({ name, clusterName: "prod", http: {} });

/** What the servers say that batches are given to over HTTP (spec A8, A9). */
export const sinks: Door = {
  name: "sinks",
  runs: 25,
  open: async (scope) => [
    await answers(scope, {
      name: "is taken for a success or told in one line",
      samples: fc.constantFrom(...Object.keys(kinds)),
      soundly: (kind, { pathname }) => kinds[kind]?.sound(pathname),
      ask: ({ origin }, kind, patience) =>
        kinds[kind]?.sink(origin).export(batch, AbortSignal.timeout(2 * patience)) ?? Promise.reject(kind),
    }),
  ],
};

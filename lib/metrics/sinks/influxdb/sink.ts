import type { InfluxSettings } from "../../../config/metrics/settings.ts";
import type { TransportOptions } from "../../../http/client.ts";
import type { Sink } from "../../sink.ts";
import { createInfluxClient, type InfluxClient } from "./client.ts";
import { bodiesOf } from "./lines.ts";

export interface InfluxParts {
  readonly name: string;
  /** The cluster's name in the settings, if it has one. */
  readonly clusterName: string | undefined;
  readonly http: TransportOptions;
}

/** InfluxDB 1.x (spec A8): the database is made before the first batch, and anew when it has gone. */
export const createInfluxSink = (
  settings: InfluxSettings,
  { name, clusterName, http }: InfluxParts,
): Sink => {
  const client = createInfluxClient(settings, http);
  const { withFields, withoutCounters, concurrency } = settings;
  const tagged = settings.clusterName ?? clusterName ?? "default";
  const options = { withFields, withoutCounters, clusterName: tagged };
  let isReady = false;
  return {
    name,
    export: async (batch, signal) => {
      const bodies = bodiesOf(batch, options);
      const writer = async () => {
        for (const body of bodies) await client.write(body, signal);
      };
      try {
        if (!isReady) await prepare(client, settings, signal);
        isReady = true;
        await Promise.all(Array.from({ length: concurrency }, writer));
      } catch (error) {
        isReady = false;
        throw error;
      }
    },
  };
};

/** A database that is there keeps the retention it has: what was promised to last is not shortened by a setting. */
const prepare = async (
  client: InfluxClient,
  settings: InfluxSettings,
  signal: AbortSignal,
): Promise<void> => {
  const database = quoted(settings.database);
  const duration = settings.retention === "0" ? "INF" : settings.retention;
  const lasting = `DURATION ${duration} REPLICATION 1`;
  try {
    await client.run(`CREATE DATABASE ${database} WITH ${lasting} NAME "default"`, signal);
  } catch (error) {
    if (!/conflicts with an existing/.test(String(error))) throw error;
    await withPolicy(client, `CREATE RETENTION POLICY "default" ON ${database} ${lasting} DEFAULT`, signal);
  }
};

const withPolicy = async (client: InfluxClient, statement: string, signal: AbortSignal): Promise<void> => {
  try {
    await client.run(statement, signal);
  } catch (error) {
    if (!/already exists/.test(String(error))) throw error;
  }
};

const quoted = (name: string) => `"${name.replace(/["\\]/g, "\\$&")}"`;

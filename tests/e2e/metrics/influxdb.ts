import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { freePort } from "../ports.ts";
import { startProgram } from "../process.ts";

/** A real InfluxDB 1.x on loopback that lets in nobody without a login. */
export interface InfluxDb {
  readonly port: number;
  readonly password: string;
  /** Columns and rows of each series that a statement answers. Throws what the server calls an error. */
  query(database: string, statement: string): Promise<Series[]>;
  stop(): Promise<void>;
}

export type Series = z.infer<typeof series>;

export const startInfluxDb = async (): Promise<InfluxDb> => {
  const folder = temporaryFolder("influxdb");
  const [port, backup] = [await freePort(), await freePort()];
  const config = join(folder.path, "influxdb.conf");
  const password = randomBytes(12).toString("hex");
  writeFileSync(config, configuration(folder.path, { port, backup }));
  const program = startProgram("influxd", ["-config", config], folder.path);
  const stop = async () => {
    await program.stop();
    folder.remove();
  };
  const query = async (database: string, statement: string, login = true): Promise<Series[]> => {
    const authorization = `Basic ${Buffer.from(`root:${password}`).toString("base64")}`;
    const answer = await fetch(`http://127.0.0.1:${port}/query`, {
      method: "POST",
      body: new URLSearchParams({ db: database, q: statement }),
      headers: login ? { authorization } : {},
      signal: AbortSignal.timeout(10_000),
    });
    const { error, results = [] } = answerSchema.parse(await answer.json());
    assert.equal(error ?? results.find((one) => one.error !== undefined)?.error, undefined, statement);
    return results.flatMap((one) => one.series ?? []);
  };
  try {
    await eventually("InfluxDB has its first user", 30, async () => {
      assert.equal(program.exit(), undefined, `influxd ended: ${program.output()}`);
      await query("", `CREATE USER root WITH PASSWORD '${password}' WITH ALL PRIVILEGES`, false);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, password, query: (database, statement) => query(database, statement), stop };
};

const series = z.object({
  /** None of statements about the server itself. */
  name: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  columns: z.array(z.string()),
  values: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))).default([]),
});

const answerSchema = z.object({
  error: z.string().optional(),
  results: z.array(z.object({ error: z.string().optional(), series: z.array(series).optional() })).optional(),
});

const configuration = (folder: string, { port, backup }: { port: number; backup: number }) => `
reporting-disabled = true
bind-address = "127.0.0.1:${backup}"
[meta]
dir = "${folder}/meta"
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${port}"
auth-enabled = true
log-enabled = false
`;

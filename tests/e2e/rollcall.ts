import assert from "node:assert/strict";
import { join } from "node:path";
import * as z from "zod";
import { eventually } from "./eventually.ts";
import { freePort } from "./ports.ts";
import { type Program, repository, startProgram } from "./process.ts";

/** The real program, as `npm start` runs it. */
export interface Rollcall extends Program {
  readonly url: string;
  readonly port: number;
  providers(): Promise<ProviderReport[]>;
  /** The HTTP SD list of a job; any status but 200 throws. */
  list(job: string): Promise<HttpSdGroup[]>;
  /** The sum of a metric's series. */
  metric(name: string): Promise<number>;
}

export type ProviderReport = z.infer<typeof providerReport>;
export type HttpSdGroup = z.infer<typeof httpSdGroup>;

export interface RollcallOptions {
  /** Absent: the demo. */
  readonly config?: string;
  readonly settings?: string;
  readonly data: string;
  /** Absent: any free one. */
  readonly port?: number;
  /** Absent: 127.0.0.1. */
  readonly host?: string;
  /** A copy of the repository that says something else. Absent: the repository. */
  readonly root?: string;
  /** More of Node's own flags. */
  readonly flags?: readonly string[];
}

/** Starts the program; it may not answer yet. */
export const startRollcall = async (options: RollcallOptions): Promise<Rollcall> => {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const { config, settings, host = "127.0.0.1", root = repository, flags = [] } = options;
  const files = [
    ...(config === undefined ? [] : ["--config", config]),
    ...(settings === undefined ? [] : ["--settings", settings]),
  ];
  const words = [...files, "--listen", `${host}:${port}`, "--data", options.data];
  // The flags as in `npm start`.
  const own = ["--max-semi-space-size=8", "--heap-growing-percent=50"];
  const program = startProgram(process.execPath, [...own, ...flags, join(root, "local/main.ts"), ...words]);
  return {
    ...program,
    url,
    port,
    providers: async () => providersAnswer.parse(await getJson(`${url}/api/v1/providers`)).data.providers,
    list: async (job) => z.array(httpSdGroup).parse(await getJson(`${url}/sd/${job}`)),
    metric: async (name) => sumOf(name, await (await get(`${url}/metrics`)).text()),
  };
};

/** Waits until the program has looked once at everything; fails at once when the program ends. */
export const ready = (rollcall: Rollcall, seconds = 60) =>
  whileRunning(rollcall, { what: "every provider has been looked at", seconds }, async () => {
    const response = await fetch(`${rollcall.url}/-/ready`);
    assert.equal(response.status, 200, await response.text());
  });

/** As `eventually`, but a program that has ended will not come back. */
export const whileRunning = async (
  rollcall: Rollcall,
  { what, seconds }: { what: string; seconds: number },
  check: () => Promise<void>,
) => {
  const state = await eventually(what, seconds, async () => {
    if (rollcall.exit() !== undefined) return "ended";
    await check();
    return "passed";
  });
  assert.equal(state, "passed", `the program ended with ${rollcall.exit()}: ${rollcall.output()}`);
};

const providerReport = z.object({
  provider: z.string(),
  mechanism: z.string(),
  cluster: z.string(),
  jobs: z.array(z.string()),
  health: z.enum(["ok", "stale", "failing", "never"]),
  followedBy: z.enum(["schedule", "relay"]),
  sources: z.number(),
  targets: z.number(),
  lastError: z.string(),
  lastAttempt: z.string().nullable(),
  lastSuccess: z.string().nullable(),
  guard: z.unknown(),
});

const providersAnswer = z.object({ data: z.object({ providers: z.array(providerReport) }) });
const httpSdGroup = z.strictObject({
  targets: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
});

const get = async (url: string) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
};

const getJson = async (url: string): Promise<unknown> => (await get(url)).json();

const sumOf = (name: string, text: string) => {
  const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  assert.notEqual(lines.length, 0, `/metrics has no ${name}`);
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
};

/** Asks for a reload, which also looks at what is due; returns the status and the text. */
export const reload = async ({ url }: Rollcall) => {
  const response = await fetch(`${url}/-/reload`, { method: "POST", signal: AbortSignal.timeout(60_000) });
  return { status: response.status, text: await response.text() };
};

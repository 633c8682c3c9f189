import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { openInner } from "./inner.ts";
import { createTableServer } from "./server.ts";
import { createTimeToLive } from "./timetolive.ts";

/** Runs in a thread of its own, so that the table has a core of its own. Begun by `startTable`. */
const run = async ({ dataDir, accessKeyId, sweepMilliseconds }: WorkerData) => {
  const folder = join(dataDir, "table");
  mkdirSync(folder, { recursive: true });
  const taken = await takenBySomeone(folder);
  if (taken) return tell({ refused: taken });
  const { inner, close } = openInner(folder);
  const pause = () => sleep(sweepPause, undefined, { ref: false });
  const timeToLive = createTimeToLive({ inner, file: join(dataDir, "time-to-live.json"), pause });
  const server = createTableServer({ inner, timeToLive, accessKeyId });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object") tell({ port: address.port });
  });
  sweepAgainAndAgain(() => timeToLive.sweep(Date.now()), sweepMilliseconds);
  parentPort?.once("message", () => {
    server.close(async () => {
      await close();
      tell({ closed: true });
    });
    server.closeIdleConnections();
  });
};

export interface WorkerData {
  readonly dataDir: string;
  readonly accessKeyId: string;
  readonly sweepMilliseconds: number;
}

export type WorkerMessage = { port: number } | { refused: string } | { closed: true };

const tell = (message: WorkerMessage) => parentPort?.postMessage(message);

const sweepPause = 100;

const sweepAgainAndAgain = async (sweep: () => Promise<number>, milliseconds: number) => {
  for (;;) {
    await sleep(milliseconds, undefined, { ref: false });
    await sweep();
  }
};

/**
 * dynalite opens its LevelDB late and says nothing sensible when that fails, so it is opened and closed once before.
 * The package is dynalite's own, found from where dynalite lies.
 */
const takenBySomeone = async (folder: string): Promise<string | undefined> => {
  const requireAsDynalite = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const level: { ClassicLevel: new (path: string) => Probe } = requireAsDynalite(store);
  const probe = new level.ClassicLevel(folder);
  try {
    await probe.open();
    await probe.close();
    return undefined;
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : undefined;
    if (cause && "code" in cause && cause.code === "LEVEL_LOCKED") return "locked";
    return cause?.message ?? String(thrown);
  }
};

const store = "classic-level";

interface Probe {
  open(): Promise<void>;
  close(): Promise<void>;
}

await run(workerData);

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { startApiServer } from "../../../local/demo/apiserver.ts";
import { createChurn } from "../crash/churn.ts";
import { randomFrom } from "../crash/random.ts";
import { jobsOn } from "../crash/truth.ts";
import { type Folder, temporaryFolder } from "../folder.ts";
import { freePort } from "../ports.ts";
import { type Rollcall, ready, startRollcall } from "../rollcall.ts";
import { type Door, startDoor } from "./door.ts";
import type { Cluster, Files, Restart } from "./fault.ts";

/** Two clusters that never rest, the program that discovers them, and the door between it and its local AWS. */
export interface World {
  readonly followed: Cluster;
  readonly looked: Cluster;
  readonly door: Door;
  readonly files: Files;
  /** Undefined while it is away. */
  program(): Rollcall | undefined;
  readonly restart: Restart;
  starts(): number;
  close(): Promise<void>;
}

/** `pace`: changes a second, of both clusters together. `vitals`: milliseconds between two samples of memory. */
export const startWorld = async (options: { seed: number; pace: number; vitals: number }): Promise<World> => {
  const { seed, pace } = options;
  const folder = temporaryFolder("soak");
  const looked = await startCluster({ seed: seed + 1, pace: pace / 5, prefix: "looked-", patience: 15_000 });
  const followed = await startCluster({ seed: seed + 2, pace: (pace * 4) / 5, prefix: "", patience: 5_000 });
  const door = await startDoor({ random: randomFrom(seed + 3), pace: options.vitals });
  const files = writeFiles(folder, { followed, looked });
  const port = await freePort();
  const flags = ["--expose-gc", "--import", door.preload];
  let rollcall: Rollcall | undefined;
  let starts = 0;
  const start = async () => {
    starts += 1;
    const { config, settings } = files;
    const begun = await startRollcall({ config, settings, data: join(folder.path, "data"), port, flags });
    rollcall = begun;
    return begun;
  };
  const restart: Restart = async (signal, { wait } = { wait: true }) => {
    const running = rollcall;
    rollcall = undefined;
    if (running !== undefined) {
      if (running.exit() !== undefined)
        throw new Error(`it ended by itself: ${running.output().slice(-2000)}`);
      if (signal === "SIGKILL") running.send(signal);
      else await running.stop();
      await running.ended;
    }
    door.forget();
    const begun = await start();
    if (wait) await ready(begun, longestStart);
  };
  await ready(await start(), longestStart);
  for (const { churn, pace: own } of [followed, looked]) churn.resume(own);
  return {
    ...{ followed, looked, door, files, restart },
    program: () => rollcall,
    starts: () => starts,
    close: async () => {
      for (const { churn, server } of [followed, looked]) {
        churn.pause();
        server.faults.clear();
      }
      await rollcall?.stop();
      await Promise.all([door.close(), followed.server.close(), looked.server.close()]);
      folder.remove();
    },
  };
};

/** Seconds, on a machine that does other work, too. */
const longestStart = 180;

const startCluster = async (options: {
  seed: number;
  pace: number;
  prefix: string;
  patience: number;
}): Promise<Cluster> => {
  const { seed, pace, prefix, patience } = options;
  const server = await startApiServer({ behaviour: { bookmarkMilliseconds: 5_000 } });
  return { server, churn: createChurn({ server, random: randomFrom(seed) }), pace, prefix, patience };
};

const writeFiles = (folder: Folder, { followed, looked }: { followed: Cluster; looked: Cluster }): Files => {
  const files = { config: join(folder.path, "prometheus.yml"), settings: join(folder.path, "rollcall.yml") };
  const jobs = [followed, looked].flatMap(({ server, prefix }) => jobsOn(server, prefix));
  const clusters = [
    { name: "followed", api_server: followed.server.url, follow: "relay" },
    { name: "looked", api_server: looked.server.url, follow: "schedule", every: "10s" },
  ];
  const good = {
    config: stringify({ scrape_configs: jobs }),
    // Of the followed cluster half can change while nobody looks, without anything's being wrong.
    settings: stringify({ clusters, guard: { max_removed: 0.8 } }),
  };
  writeFileSync(files.config, good.config);
  writeFileSync(files.settings, good.settings);
  return { ...files, good };
};

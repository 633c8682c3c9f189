import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { eventually } from "../../tests/e2e/eventually.ts";
import { freePort } from "../../tests/e2e/ports.ts";
import { type Program, startProgram } from "../../tests/e2e/process.ts";
import { type Asked, readAsked } from "./asked.ts";
import { awsOf } from "./awsof.ts";
import type { Cluster } from "./cluster.ts";
import { writeConfig } from "./rollcall.ts";
import { fetchText } from "./text.ts";

/** The relay in a process of its own, which is then the discovering process and nothing else; the rest of the local run in another. */
export interface AloneRelay extends Program {
  /** Where the rest serves. */
  readonly url: string;
  readonly aws: ReturnType<typeof awsOf>;
  /** Of both together, not older than a quarter of a second. */
  asked(): Asked;
}

export const startAloneRelay = async (cluster: Cluster): Promise<AloneRelay> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = join(cluster.folder, "environment.json");
  for (const stale of [environment, join(cluster.folder, "data")])
    rmSync(stale, { recursive: true, force: true });
  const words = [script("cloud"), cluster.folder, writeConfig(cluster), String(port), "relay"];
  const cloud = startProgram(process.execPath, [...flags, ...words]);
  try {
    const followed = await eventually("the cluster is known", 150, async () => {
      assert.equal(cloud.exit(), undefined, cloud.output().slice(-300));
      assert.ok(existsSync(environment));
      return clusterIn(await fetchText(`${url}/api/v1/providers`)());
    });
    const relay = startProgram(process.execPath, [...flags, script("relay"), environment, followed]);
    const stop = async () => {
      await relay.stop();
      await cloud.stop();
    };
    return { ...relay, url, aws: awsOf(environment), asked: () => readAsked(cluster.folder), stop };
  } catch (error) {
    await cloud.stop();
    throw error;
  }
};

/** The second: V8 collects once its heap is half as large again as what is in use, not several times as large. */
const flags = ["--max-semi-space-size=8", "--heap-growing-percent=50"];

const script = (name: string) => join(import.meta.dirname, "alone", `${name}.ts`);

const providers = z.object({
  data: z.object({ providers: z.array(z.object({ cluster: z.string() })).min(1) }),
});

const clusterIn = (text: string): string =>
  providers.parse(JSON.parse(text)).data.providers[0]?.cluster ?? "";

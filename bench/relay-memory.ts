import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { eventually } from "../tests/e2e/eventually.ts";
import { freePort } from "../tests/e2e/ports.ts";
import { type Program, startProgram } from "../tests/e2e/process.ts";
import { createMove, type Move, moveAll, timeChanges } from "./support/changes.ts";
import { access, type Cluster, job, withCluster } from "./support/cluster.ts";
import type { About, Figure } from "./support/figure.ts";
import { peakMegabytes, residentMegabytes } from "./support/memory.ts";
import { discovered, dropping, type StartPeer, startPrometheus, startVmagent } from "./support/peers.ts";
import { allServed, writeConfig } from "./support/rollcall.ts";
import { wholeNumber } from "./support/settings.ts";
import { fetchText } from "./support/text.ts";

export const about: About = {
  says: "The memory of the relay alone with 10,000 pods: after the first list, and after a minute of 50 changes a second.",
  minutes: 5,
};

/**
 * In a process of its own; beside the peers with every target dropped by a rule, so that only discovery remains.
 * `ROLLCALL_BENCH_PODS`, `ROLLCALL_BENCH_SECONDS`.
 */
export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: 500 }, async (cluster) => {
    const move = createMove(cluster.plane, cluster.moving);
    const own = await ours(cluster, move);
    const vmagent = await theirs(cluster, move, startVmagent);
    const prometheus = await theirs(cluster, move, startPrometheus);
    const at = `${cluster.count.toLocaleString("en-US")} pods`;
    const of = (name: string, pick: (memory: Memory) => number): Figure => ({
      ...{ name, at, unit: "MB" },
      ...{ ours: pick(own), prometheus: pick(prometheus), vmagent: pick(vmagent) },
    });
    const target = { most: vmagent.churned, says: "at most vmagent's" };
    return [
      of("peak memory, first list", ({ first }) => first),
      { ...of(`peak memory, ${seconds} s of changes`, ({ churned }) => churned), target },
      of("memory then", ({ now }) => now),
    ];
  });

const seconds = wholeNumber("ROLLCALL_BENCH_SECONDS", 60);
const perSecond = 50;
const churn = { changes: seconds * perSecond, gap: () => 1000 / perSecond };
const settling = 15_000;
/** The second: V8 collects once its heap is half as large again as what is in use, not several times as large. */
const flags = ["--max-semi-space-size=8", "--heap-growing-percent=50"];

const ours = async (cluster: Cluster, move: Move): Promise<Memory> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const words = [script("cloud"), cluster.folder, writeConfig(cluster), String(port), "relay"];
  const cloud = startProgram(process.execPath, [...flags, ...words]);
  const programs: Program[] = [cloud];
  try {
    const followed = await eventually("the cluster is known", 60, async () => {
      assert.equal(cloud.exit(), undefined, cloud.output().slice(-300));
      assert.ok(existsSync(join(cluster.folder, "environment.json")));
      return clusterIn(await fetchText(`${url}/api/v1/providers`)());
    });
    const environment = join(cluster.folder, "environment.json");
    const relay = startProgram(process.execPath, [...flags, script("relay"), environment, followed]);
    programs.unshift(relay);
    await allServed(cluster, { ...relay, url });
    await sleep(settling);
    const first = peakMegabytes(relay.pid);
    const { seen, unseen } = await timeChanges({
      move,
      ...churn,
      read: fetchText(`${url}/sd/moving`),
      pause: 50,
    });
    assert.equal(
      unseen,
      0,
      `${unseen} of ${seen.length + unseen} changes were not served: ${relay.output()}`,
    );
    return memoryOf(first, relay.pid);
  } finally {
    for (const program of programs) await program.stop();
  }
};

const script = (name: string) => join(import.meta.dirname, "support", "alone", `${name}.ts`);

const providers = z.object({
  data: z.object({ providers: z.array(z.object({ cluster: z.string() })).min(1) }),
});

const clusterIn = (text: string): string =>
  providers.parse(JSON.parse(text)).data.providers[0]?.cluster ?? "";

/** Megabytes. */
interface Memory {
  readonly first: number;
  readonly churned: number;
  readonly now: number;
}

const memoryOf = (first: number, pid: number): Memory => ({
  ...{ first, churned: peakMegabytes(pid), now: residentMegabytes(pid) },
});

const theirs = async (cluster: Cluster, move: Move, start: StartPeer): Promise<Memory> => {
  const pods = job("pods", { role: "pod", ...access(cluster.plane) });
  const peer = await start([dropping(pods)], cluster.folder);
  try {
    await discovered(peer, cluster.count);
    await sleep(settling);
    const first = peakMegabytes(peer.pid);
    await moveAll({ move, ...churn, sent: () => {} });
    return memoryOf(first, peer.pid);
  } finally {
    await peer.stop();
  }
};

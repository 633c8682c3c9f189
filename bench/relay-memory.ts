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
import { peakMegabytes, print, residentMegabytes } from "./support/figures.ts";
import { discovered, dropping, type StartPeer, startPrometheus, startVmagent } from "./support/peers.ts";
import { allServed, writeConfig } from "./support/rollcall.ts";
import { wholeNumber } from "./support/settings.ts";
import { fetchText } from "./support/text.ts";

/**
 * The memory of the relay alone, in a process of its own, with 10,000 running pods: after the first list, and after five
 * minutes (`ROLLCALL_BENCH_SECONDS`) of 50 changes a second; beside vmagent and Prometheus 3.5 with the same.
 */
export const bench = () =>
  withCluster({ moving: 500 }, async (cluster) => {
    const move = createMove(cluster.plane, cluster.moving);
    const rows = [await ours(cluster, move)];
    for (const start of [startVmagent, startPrometheus]) {
      rows.push(await theirs({ cluster, move, start, drop: true }));
      rows.push(await theirs({ cluster, move, start, drop: false }));
    }
    process.stdout.write(
      `resident memory, MB; the relay with ${flags.join(" ")}; the peers once with every target dropped by a\n` +
        "rule, so that only discovery remains, and once with every target kept (never scraped: an interval of an hour)\n",
    );
    print([["", "peak, first list", `peak, ${seconds} s of churn`, "then"], ...rows]);
  });

const seconds = wholeNumber("ROLLCALL_BENCH_SECONDS", 300);
const perSecond = 50;
const churn = { changes: seconds * perSecond, gap: () => 1000 / perSecond };
const settling = 15_000;
/** The second: V8 collects once its heap is half as large again as what is in use, not several times as large. */
const flags = ["--max-semi-space-size=8", "--heap-growing-percent=50"];

const ours = async (cluster: Cluster, move: Move): Promise<string[]> => {
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
    return row("Rollcall's relay", first, relay.pid);
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

const row = (name: string, first: number, pid: number) => [
  name,
  `${first} MB`,
  `${peakMegabytes(pid)} MB`,
  `${Math.round(residentMegabytes(pid))} MB`,
];

const theirs = async (asked: { cluster: Cluster; move: Move; start: StartPeer; drop: boolean }) => {
  const { cluster, move, start, drop } = asked;
  const pods = job("pods", { role: "pod", ...access(cluster.plane) });
  const peer = await start([drop ? dropping(pods) : pods], cluster.folder);
  try {
    await discovered(peer, cluster.count);
    await sleep(settling);
    const first = peakMegabytes(peer.pid);
    await moveAll({ move, ...churn, sent: () => {} });
    return row(`${peer.name}, ${drop ? "all dropped" : "all kept"}`, first, peer.pid);
  } finally {
    await peer.stop();
  }
};

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { eventually } from "../tests/e2e/eventually.ts";
import { type Rollcall, startRollcall } from "../tests/e2e/rollcall.ts";
import { access, type Cluster, job, withCluster } from "./support/cluster.ts";
import { median, milliseconds, peakMegabytes, print, seconds } from "./support/figures.ts";
import { dropping, startPrometheus, startVmagent, timePeer } from "./support/peers.ts";

/**
 * 10,000 running pods on a real control plane: until served, the warm list, memory, and looks of the schedule; and, on
 * the same machine in the same run, how long Prometheus 3.5 and vmagent need until they have discovered them.
 */
export const bench = () =>
  withCluster({ moving: 0 }, async (cluster) => {
    const { plane, count, folder } = cluster;
    const pods = job("pods", { role: "pod", ...access(plane) });
    const config = join(folder, "pods.yml");
    writeFileSync(config, stringify({ scrape_configs: [pods] }));
    const ours = await timeOurs(cluster, config);
    const looks = await timeLooks(cluster, config);
    const prometheus = await timePeer(() => startPrometheus([dropping(pods)], folder), count);
    const vmagent = await timePeer(() => startVmagent([dropping(pods)], folder), count);
    print([
      ["", "until discovered", "until served", "peak memory"],
      ["Rollcall", ours.looked, ours.served, ours.memory],
      ...[prometheus, vmagent].map((peer) => [peer.name, seconds(peer.discovered), "-", `${peer.memory} MB`]),
    ]);
    process.stdout.write("\n");
    print([...ours.reads, ...looks]);
  });

const timeOurs = async ({ count, folder }: Cluster, config: string) => {
  const targets = 2 * count;
  const began = performance.now();
  const rollcall = await startRollcall({ config, data: join(folder, "data") });
  try {
    const looked = await eventually("the first look has ended", 120, async () => {
      assert.ok((await rollcall.metric("rollcall_provider_looks_total")) >= 1);
      return performance.now() - began;
    });
    const served = await eventually("everything is served", 120, async () => {
      assert.equal((await fetch(`${rollcall.url}/sd/pods`)).status, 200);
      return performance.now() - began;
    });
    const list = await rollcall.list("pods");
    assert.equal(list.flatMap((group) => group.targets).length, targets);
    const reads = await timeReads(`${rollcall.url}/sd/pods`);
    const size = `${targets} targets, ${reads.megabytes.toFixed(1)} MB`;
    return {
      looked: seconds(looked),
      served: seconds(served),
      memory: `${peakMegabytes(rollcall.pid)} MB`,
      reads: [
        [`/sd/pods, ${size}, warm, median of ${readsCount}`, milliseconds(reads.whole)],
        ["of that until the first byte", milliseconds(reads.first)],
      ],
    };
  } finally {
    await rollcall.stop();
  }
};

/** The same cluster, not followed but looked at once a minute. */
const timeLooks = async ({ plane, folder }: Cluster, config: string): Promise<string[][]> => {
  const settings = join(folder, "rollcall-settings.yml");
  writeFileSync(
    settings,
    stringify({ clusters: [{ name: "bench", api_server: plane.url, follow: "schedule" }] }),
  );
  const rollcall = await startRollcall({ config, settings, data: join(folder, "data-looks") });
  try {
    const [first = 0] = await lookTimes(rollcall, [1]);
    const before = await rollcall.metric("rollcall_provider_changes_total");
    const again = await lookTimes(rollcall, [2, 3]);
    const announced = (await rollcall.metric("rollcall_provider_changes_total")) - before;
    return [
      ["by the schedule: first look, announcing included", seconds(first * 1000)],
      ["second and third look, nothing changed", again.map((one) => seconds(one * 1000)).join(", ")],
      ["announced by them", String(announced)],
    ];
  } finally {
    await rollcall.stop();
  }
};

const readsCount = 15;

const timeReads = async (url: string) => {
  const [first, whole]: [number[], number[]] = [[], []];
  let bytes = 0;
  for (let read = 0; read < readsCount; read += 1) {
    const began = performance.now();
    const response = await fetch(url, { headers: { "Accept-Encoding": "identity" } });
    const reader = response.body!.getReader();
    bytes = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (bytes === 0) first.push(performance.now() - began);
      bytes += piece.value.length;
    }
    whole.push(performance.now() - began);
  }
  return { first: median(first), whole: median(whole), megabytes: bytes / 1e6 };
};

/** How long these looks took, seconds. Asks seldom, so that the asking does not slow what is timed. */
const lookTimes = async (rollcall: Rollcall, looks: readonly number[]): Promise<number[]> => {
  const taken: number[] = [];
  for (const look of looks) {
    await eventually(`look ${look} has ended`, 150, async () => {
      await sleep(4000);
      assert.ok((await rollcall.metric("rollcall_provider_looks_total")) >= look);
    });
    taken.push(await rollcall.metric("rollcall_provider_look_duration_seconds"));
  }
  return taken;
};

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { eventually } from "../tests/e2e/eventually.ts";
import { type Rollcall, startRollcall } from "../tests/e2e/rollcall.ts";
import { access, type Cluster, job, withCluster } from "./support/cluster.ts";
import type { About, Figure } from "./support/figure.ts";
import { peakMegabytes } from "./support/memory.ts";
import { dropping, startPrometheus, startVmagent, timePeer } from "./support/peers.ts";
import { median, spreadOf } from "./support/statistics.ts";

export const about: About = {
  says: "10,000 pods on a real control plane: until discovered and served, memory, the warm list, and looks of the schedule.",
  minutes: 5,
};

export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: 0 }, async (cluster) => {
    const { plane, count, folder } = cluster;
    const pods = job("pods", { role: "pod", ...access(plane) });
    const config = join(folder, "pods.yml");
    writeFileSync(config, stringify({ scrape_configs: [pods] }));
    const ours = await timeOurs(cluster, config);
    const looks = await timeLooks(cluster, config);
    const prometheus = await timePeer(() => startPrometheus([dropping(pods)], folder), count);
    const vmagent = await timePeer(() => startVmagent([dropping(pods)], folder), count);
    const at = `${count.toLocaleString("en-US")} pods`;
    const target = { most: prometheus.discovered, says: "at most Prometheus's" };
    const both = (pick: (peer: typeof vmagent) => number) => {
      return { at, prometheus: pick(prometheus), vmagent: pick(vmagent) };
    };
    return [
      { name: "until discovered", unit: "ms", ours: ours.looked, ...both((peer) => peer.discovered), target },
      { name: "until served", unit: "ms", at, ours: ours.served },
      {
        ...{ name: "peak memory, Rollcall's embedded table included", unit: "MB", ours: ours.memory },
        ...both((peer) => peer.memory),
      },
      ...[...ours.reads, ...looks].map((figure) => ({ ...figure, at })),
    ];
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
    return {
      looked,
      served,
      memory: peakMegabytes(rollcall.pid),
      reads,
    };
  } finally {
    await rollcall.stop();
  }
};

/** The same cluster, not followed but looked at once a minute. */
const timeLooks = async ({ plane, folder }: Cluster, config: string): Promise<Figure[]> => {
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
      { name: "on the schedule, first look, announcing included", unit: "s", ours: first },
      {
        ...{ name: "on the schedule, a look that finds nothing changed", unit: "s" as const },
        ...{ ours: median(again), spread: spreadOf(again) },
      },
      { name: "announced by those", unit: "", ours: announced, target: { most: 0, says: "nothing" } },
    ];
  } finally {
    await rollcall.stop();
  }
};

const readsCount = 15;

const timeReads = async (url: string): Promise<Figure[]> => {
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
  return [
    { name: "the list, warm", unit: "ms", ours: median(whole), spread: spreadOf(whole) },
    { name: "the list, warm, first byte", unit: "ms", ours: median(first), spread: spreadOf(first) },
    { name: "the list", unit: "B", ours: bytes },
  ];
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

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { eventually } from "../tests/e2e/eventually.ts";
import { startRollcall } from "../tests/e2e/rollcall.ts";
import type { Timed } from "./support/changes.ts";
import { job, keepMoving, movingNamespace } from "./support/cluster.ts";
import { type DemoClusters, startDemoClusters } from "./support/democlusters.ts";
import { time } from "./support/discovery.ts";
import type { About, Figure } from "./support/figure.ts";
import { cpuSeconds, peakMegabytes } from "./support/memory.ts";
import {
  activeTargets,
  discovered,
  type StartPeer,
  startPrometheus,
  startVmagentEachSecond,
} from "./support/peers.ts";
import { looked } from "./support/rollcall.ts";
import { resting, wholeNumber } from "./support/settings.ts";
import { median, percentile } from "./support/statistics.ts";
import { fetchText } from "./support/text.ts";

export const about: About = {
  says: "Twenty clusters of 500 pods on the demo API server, in one job: discovery, changes, CPU, memory and watches.",
  minutes: 3,
};

const clusters = wholeNumber("ROLLCALL_BENCH_CLUSTERS", 20);
const pods = wholeNumber("ROLLCALL_BENCH_PODS", 500);
const moving = 10;

/** Every change is in the next cluster. The peers keep the moving pods' targets only, and scrape none. */
export const bench = async (): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const demo = await startDemoClusters({ clusters, pods, moving });
  try {
    const ours = await measureOurs(demo, folder);
    const prometheus = await measurePeer(demo, { folder, start: startPrometheus });
    const vmagent = await measurePeer(demo, { folder, start: startVmagentEachSecond });
    return figuresOf({ ours, prometheus, vmagent });
  } finally {
    demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Measured {
  /** Milliseconds. */
  readonly discovered: number;
  readonly served?: number;
  /** Seconds, and megabytes. */
  readonly cpu: number;
  readonly memory: number;
  readonly timed: Timed;
  readonly watches: number;
  /** Until everything is discovered. */
  readonly lists: number;
  readonly requests: number;
}

const figuresOf = (all: Readonly<Record<"ours" | "prometheus" | "vmagent", Measured>>): Figure[] => {
  const at = `${clusters} clusters × ${pods} pods`;
  const of = (pick: (measured: Measured) => number) => {
    return { at, ours: pick(all.ours), prometheus: pick(all.prometheus), vmagent: pick(all.vmagent) };
  };
  return [
    { name: "first discovery, announced", unit: "ms", ...of((measured) => measured.discovered) },
    { name: "first discovery, served", unit: "ms", at, ours: all.ours.served ?? 0 },
    { name: "CPU until then, ours with table and serving", unit: "s", ...of(({ cpu }) => cpu) },
    { name: "peak memory, ours with table and serving", unit: "MB", ...of(({ memory }) => memory) },
    { name: "change until served, median", unit: "ms", ...of(({ timed }) => median(timed.seen)) },
    { name: "change until served, 99th", unit: "ms", ...of(({ timed }) => percentile(timed.seen, 99)) },
    {
      name: "changes never seen",
      unit: "",
      ...of(({ timed }) => timed.unseen),
      target: { most: 0, says: "none" },
    },
    { name: "watches at the API servers", unit: "", ...of(({ watches }) => watches) },
    { name: "lists asked of them", unit: "", ...of(({ lists }) => lists) },
    { name: "requests to them until all is discovered", unit: "", ...of(({ requests }) => requests) },
  ];
};

const blocks = ({ servers }: DemoClusters) =>
  servers.map(({ url, token }) => ({ role: "pod", api_server: url, authorization: { credentials: token } }));

const measureOurs = async (demo: DemoClusters, folder: string): Promise<Measured> => {
  const config = join(folder, "rollcall.yml");
  const narrow = blocks(demo).map((block) => ({ ...block, namespaces: { names: [movingNamespace] } }));
  writeFileSync(
    config,
    stringify({ scrape_configs: [job("pods", ...blocks(demo)), job("moving", ...narrow)] }),
  );
  const began = performance.now();
  const rollcall = await startRollcall({ config, data: join(folder, "data") });
  try {
    await looked(rollcall);
    const found = performance.now() - began;
    const served = await eventually("everything is served", 300, async () => {
      const list = await fetchText(`${rollcall.url}/sd/pods`)();
      assert.equal(list.split('"__meta_kubernetes_pod_uid"').length - 1, 2 * clusters * pods);
      return performance.now() - began;
    });
    const read = fetchText(`${rollcall.url}/sd/moving`);
    return { discovered: found, served, ...(await atRest(demo, { pid: rollcall.pid, read })) };
  } finally {
    await rollcall.stop();
  }
};

const measurePeer = async (
  demo: DemoClusters,
  { folder, start }: { folder: string; start: StartPeer },
): Promise<Measured> => {
  const began = performance.now();
  const peer = await start([{ ...job("pods", ...blocks(demo)), relabel_configs: keepMoving }], folder);
  try {
    await discovered(peer, clusters * pods);
    const found = performance.now() - began;
    return { discovered: found, ...(await atRest(demo, { pid: peer.pid, read: activeTargets(peer) })) };
  } finally {
    await peer.stop();
  }
};

const atRest = async (demo: DemoClusters, { pid, read }: { pid: number; read: () => Promise<string> }) => {
  const cpu = cpuSeconds(pid);
  await sleep(resting(5000));
  const asked = await demo.asked();
  const timed = await time(demo.move, read);
  return { cpu, ...asked, timed, memory: peakMegabytes(pid) };
};

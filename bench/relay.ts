import { setTimeout as sleep } from "node:timers/promises";
import { createMove, type Move, type Timed, timeChanges } from "./support/changes.ts";
import { access, type Cluster, job, movingNamespace, withCluster } from "./support/cluster.ts";
import { median, milliseconds, percentile, print } from "./support/figures.ts";
import {
  activeTargets,
  discovered,
  type StartPeer,
  startPrometheus,
  startVmagent,
  startVmagentEachSecond,
} from "./support/peers.ts";
import { startServing } from "./support/rollcall.ts";
import { wholeNumber } from "./support/settings.ts";
import { fetchText } from "./support/text.ts";

/**
 * From a pod's status patch until a list shows it, among 10,000 running pods: Rollcall, vmagent and Prometheus 3.5 one
 * after the other on the same control plane, each with the same open loop of changes.
 */
export const bench = () =>
  withCluster({ moving: 200 }, async (cluster) => {
    const move = createMove(cluster.plane, cluster.moving);
    const rows = [...(await ours(cluster, move))];
    for (const peer of [startVmagentEachSecond, startVmagent, startPrometheus])
      rows.push(await theirs(cluster, move, peer));
    process.stdout.write(`${explained(cluster)}\n`);
    print([["", "reads", "list", "seen", "median", "99th", "worst"], ...rows]);
  });

const changes = wholeNumber("ROLLCALL_BENCH_PROBES", 200);
const warmup = 20;
/** Milliseconds. */
const pause = 5;

const explained = ({ count, moving }: Cluster) =>
  [
    `${count} pods, ${moving.length} of which get a new address in turn, every 100 to 300 ms; ${warmup} changes to warm up, then`,
    `${changes} timed. Timed from sending the patch to having read a whole list that shows it, lists being read with pauses`,
    `of ${pause} ms. The peers keep only the moving pods' targets (a relabel rule) and are asked for those; Rollcall serves all pods`,
    "as one list, and the moving ones as the list of a second job, which the same watch feeds.",
  ].join("\n");

const time = async (move: Move, read: () => Promise<string>): Promise<Timed> => {
  const gap = () => 100 + Math.random() * 200;
  await timeChanges({ move, changes: warmup, gap, read, pause });
  return timeChanges({ move, changes, gap, read, pause });
};

const row = (name: string, reads: string, { seen, unseen, bytes }: Timed) => [
  name,
  reads,
  bytes > 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`,
  `${seen.length} of ${seen.length + unseen}`,
  milliseconds(median(seen)),
  milliseconds(percentile(seen, 99)),
  milliseconds(Math.max(...seen)),
];

const ours = async (cluster: Cluster, move: Move) => {
  const rollcall = await startServing(cluster);
  try {
    await sleep(settling);
    const few = await time(move, fetchText(`${rollcall.url}/sd/moving`));
    const all = await time(move, fetchText(`${rollcall.url}/sd/pods`));
    return [row("Rollcall", "/sd/moving", few), row("Rollcall", "/sd/pods", all)];
  } finally {
    await rollcall.stop();
  }
};

const theirs = async ({ plane, count, folder }: Cluster, move: Move, begin: StartPeer) => {
  const kept = { action: "keep", source_labels: ["__meta_kubernetes_namespace"], regex: movingNamespace };
  const pods = { ...job("pods", { role: "pod", ...access(plane) }), relabel_configs: [kept] };
  const peer = await begin([pods], folder);
  try {
    await discovered(peer, count);
    await sleep(settling);
    return row(peer.name, "/api/v1/targets", await time(move, activeTargets(peer)));
  } finally {
    await peer.stop();
  }
};

/** Milliseconds after everything is known, so that nobody is timed while still starting. */
const settling = 10_000;

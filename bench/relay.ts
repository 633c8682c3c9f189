import { setTimeout as sleep } from "node:timers/promises";
import { createMove, type Move, type Timed, timeChanges } from "./support/changes.ts";
import { access, type Cluster, job, movingNamespace, withCluster } from "./support/cluster.ts";
import type { About, Figure } from "./support/figure.ts";
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
import { median, percentile } from "./support/statistics.ts";
import { fetchText } from "./support/text.ts";

export const about: About = {
  says: "From a pod's status patch until a list shows it, among 10,000 pods, each contender after the other.",
  minutes: 6,
};

/**
 * Each gets the same open loop of changes on the same control plane. The peers keep only the moving pods' targets (a relabel rule)
 * and are asked for those; Rollcall serves all pods as one list, and the moving ones as the list of a second job, which the same
 * watch feeds.
 */
export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: 200 }, async (cluster) => {
    const move = createMove(cluster.plane, cluster.moving);
    const { few, all } = await ours(cluster, move);
    const eachSecond = await theirs(cluster, move, startVmagentEachSecond);
    const vmagent = await theirs(cluster, move, startVmagent);
    const prometheus = await theirs(cluster, move, startPrometheus);
    return [
      ...figuresOf("the moving pods' list; vmagent told to check each second", {
        ours: few,
        prometheus,
        vmagent: eachSecond,
      }),
      ...figuresOf("the moving pods' list; vmagent as it comes", { ours: few, prometheus, vmagent }),
      ...figuresOf("the list of all pods", { ours: all }),
    ];
  });

interface All {
  readonly ours: Timed;
  readonly prometheus?: Timed;
  readonly vmagent?: Timed;
}

const figuresOf = (at: string, { ours, prometheus, vmagent }: All): Figure[] => {
  const of = (pick: (timed: Timed) => number): Omit<Figure, "name" | "target"> => ({
    ...{ at, unit: "ms", ours: pick(ours) },
    ...(prometheus && { prometheus: pick(prometheus) }),
    ...(vmagent && { vmagent: pick(vmagent) }),
  });
  const last = of(({ seen }) => percentile(seen, 99));
  const quarter = last.vmagent && { most: last.vmagent / 4, says: "at most a quarter of vmagent's" };
  return [
    { name: "change until served, median", ...of(({ seen }) => median(seen)) },
    { name: "change until served, 99th", ...last, ...(quarter && { target: quarter }) },
    { name: "change until served, worst", ...of(({ seen }) => Math.max(...seen)) },
    {
      name: "changes never seen",
      ...of(({ unseen }) => unseen),
      unit: "",
      target: { most: 0, says: "none" },
    },
    { name: "a read of the list", ...of(({ bytes }) => bytes), unit: "B" },
  ];
};

const changes = wholeNumber("ROLLCALL_BENCH_PROBES", 100);
const warmup = 20;
/** Milliseconds. */
const pause = 5;

const time = async (move: Move, read: () => Promise<string>): Promise<Timed> => {
  const gap = () => 100 + Math.random() * 200;
  await timeChanges({ move, changes: warmup, gap, read, pause });
  return timeChanges({ move, changes, gap, read, pause });
};

const ours = async (cluster: Cluster, move: Move) => {
  const rollcall = await startServing(cluster);
  try {
    await sleep(settling);
    const few = await time(move, fetchText(`${rollcall.url}/sd/moving`));
    const all = await time(move, fetchText(`${rollcall.url}/sd/pods`));
    return { few, all };
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
    return await time(move, activeTargets(peer));
  } finally {
    await peer.stop();
  }
};

/** Milliseconds after everything is known, so that nobody is timed while still starting. */
const settling = 10_000;

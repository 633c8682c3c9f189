import { createMove, type Timed } from "./support/changes.ts";
import { type Cluster, withCluster } from "./support/cluster.ts";
import {
  type Answers,
  busy,
  type Discovering,
  measurePeer,
  measureRelay,
  measureWhole,
  type Relay,
  sentToItsOwn,
  type Whole,
} from "./support/discovery.ts";
import type { About, Figure } from "./support/figure.ts";
import { growth } from "./support/growth.ts";
import { startPrometheus, startVmagent, startVmagentEachSecond } from "./support/peers.ts";
import { wholeNumber } from "./support/settings.ts";
import { median, percentile } from "./support/statistics.ts";

export const about: About = {
  says: "1,000, 10,000 and 50,000 pods on a real control plane: discovery, changes, CPU, memory and lists, and how each grows.",
  minutes: 12,
};

/** Of fewer pods nothing could be told, so there are fewer sizes in a small try. */
const least = 100;
const largest = wholeNumber("ROLLCALL_BENCH_PODS", 50_000, least);
const sizes = [largest / 50, largest / 5, largest].map(Math.round).filter((size) => size >= least);

/**
 * One control plane that grows; at each size every contender after the other, with the same changes. The peers keep only the moving
 * pods' targets and are asked for those; Rollcall serves all pods as one job's list, and the moving ones as a second job's.
 */
export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: Math.min(200, sizes[0]! >> 1), pods: sizes[0]! }, async (first) => {
    const move = createMove(first.plane, first.moving);
    const figures: Figure[][] = [];
    let cluster: Cluster = first;
    for (const size of sizes) {
      cluster = await cluster.grow(size);
      const whole = await measureWhole(cluster, move);
      const relay = await measureRelay(cluster, move);
      const prometheus = await measurePeer(cluster, move, startPrometheus);
      const vmagent = await measurePeer(cluster, move, startVmagentEachSecond);
      // Not before: new pods are told of then, and the first time its controllers do not all watch yet.
      const own = await sentToItsOwn(cluster, move);
      figures.push(figuresAt(cluster.count, { own, whole, relay, prometheus, vmagent }));
      if (size !== (sizes[1] ?? largest)) continue;
      const slow = await measurePeer(cluster, move, startVmagent);
      figures.push(asItComes(cluster.count, { ours: whole.timed, vmagent: slow.timed }));
    }
    const grown = figures.flat().filter(({ name }) => !isOfFixedSize(name));
    return [...figures.flat(), ...growth(sizes, grown)];
  });

/** As many pods move at every size. */
const isOfFixedSize = (name: string) => name.endsWith("list of the moving pods");

interface All {
  /** Bytes of a change that the API server sends in any case. */
  readonly own: number;
  readonly whole: Whole;
  readonly relay: Relay;
  readonly prometheus: Answers & Discovering;
  readonly vmagent: Answers & Discovering;
}

const figuresAt = (count: number, { own, whole, relay, prometheus, vmagent }: All): Figure[] => {
  const at = `${count.toLocaleString("en-US")} pods`;
  const peers = (pick: (peer: All["vmagent"]) => number) => {
    return { at, prometheus: pick(prometheus), vmagent: pick(vmagent) };
  };
  const answers = (pick: (from: Answers) => number) => ({ ours: pick(whole), ...peers(pick) });
  const costs = (pick: (of: Discovering) => number) => ({ ours: pick(relay), ...peers(pick) });
  // What is promised is promised for the largest.
  const meant = (target: Figure["target"]) => (count === largest ? { target } : {});
  const last = answers(({ timed }) => percentile(timed.seen, 99));
  return [
    {
      ...{ name: "first discovery, announced", unit: "ms", ...answers((from) => from.discovered) },
      floor: relay.announced,
      ...meant({ most: prometheus.discovered, says: "at most Prometheus's" }),
    },
    {
      name: "first discovery, announced, by a relay in a process of its own",
      unit: "ms",
      ...{ ours: relay.discovered, ...peers((from) => from.discovered) },
    },
    {
      name: "first discovery, served",
      unit: "ms",
      at,
      ours: whole.served,
      floor: (count * 1000) / relay.writes,
    },
    { name: "discovering process: CPU of first discovery", unit: "s", ...costs(({ cpu }) => cpu) },
    { name: "discovering process: CPU of a change", unit: "ms", ...costs(({ each }) => each) },
    { name: "discovering process: peak memory, first discovery", unit: "MB", ...costs(({ first }) => first) },
    {
      ...{
        name: `discovering process: peak memory, ${busy} changes later`,
        unit: "MB",
        ...costs(({ later }) => later),
      },
      ...meant({ most: vmagent.later, says: "at most vmagent's" }),
    },
    { name: "API server: lists until discovered", unit: "", ...costs(({ requests }) => requests) },
    { name: "API server: bytes of these", unit: "B", ...costs(({ bytes }) => bytes) },
    { name: "API server: bytes it sends for a change", unit: "B", ...costs(({ sent }) => sent - own) },
    { name: "events per 1,000 changes of pods in two jobs", unit: "", at, ours: relay.asked.events * 1000 },
    { name: "write requests to the table per 1,000 of these", unit: "", at, ours: relay.asked.writes * 1000 },
    { name: "change until served, median", unit: "ms", ...answers(({ timed }) => median(timed.seen)) },
    {
      ...{ name: "change until served, 99th", unit: "ms", ...last },
      ...meant({ most: last.vmagent / 4, says: "at most a quarter of vmagent's, checking each second" }),
    },
    { name: "changes never seen", unit: "", ...answers(({ timed }) => timed.unseen), target: none },
    { name: "list of the moving pods", unit: "B", ...answers(({ list }) => list.bytes) },
    { name: "a read of the list of the moving pods", unit: "ms", ...answers(({ list }) => list.whole) },
    { name: "list of all pods", unit: "B", at, ours: whole.all.bytes },
    { name: "a read of the list of all pods", unit: "ms", at, ours: whole.all.whole },
    { name: "whole local process: CPU until served", unit: "s", at, ours: whole.cpu },
    { name: "whole local process: peak memory", unit: "MB", at, ours: whole.memory },
  ];
};

const none = { most: 0, says: "none" };

const asItComes = (count: number, { ours, vmagent }: { ours: Timed; vmagent: Timed }): Figure[] => {
  const at = `${count.toLocaleString("en-US")} pods, vmagent checking every 30 s as it comes`;
  const of = (pick: (timed: Timed) => number) => ({ at, ours: pick(ours), vmagent: pick(vmagent) });
  const last = of(({ seen }) => percentile(seen, 99));
  const target = { most: last.vmagent / 4, says: "at most a quarter of vmagent's" };
  return [
    { name: "change until served, median", unit: "ms", ...of(({ seen }) => median(seen)) },
    { name: "change until served, 99th", unit: "ms", ...last, target },
  ];
};

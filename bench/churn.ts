import { setTimeout as sleep } from "node:timers/promises";
import { createMove, timeChanges } from "./support/changes.ts";
import { withCluster } from "./support/cluster.ts";
import {
  median,
  milliseconds,
  ownMegabytes,
  peakMegabytes,
  percentile,
  print,
  residentMegabytes,
  slope,
} from "./support/figures.ts";
import { startServing } from "./support/rollcall.ts";
import { wholeNumber } from "./support/settings.ts";
import { fetchText } from "./support/text.ts";

/**
 * 50 changes a second for five minutes (`ROLLCALL_BENCH_SECONDS` makes it shorter) among 10,000 running pods: how long
 * each takes until it is served, whether any is missed, and whether memory grows.
 */
export const bench = () =>
  withCluster({ moving: 500 }, async (cluster) => {
    const rollcall = await startServing(cluster);
    try {
      await sleep(settling);
      const memory = watchMemory(rollcall.pid);
      const timed = await timeChanges({
        move: createMove(cluster.plane, cluster.moving),
        changes: seconds * perSecond,
        gap: () => 1000 / perSecond,
        read: fetchText(`${rollcall.url}/sd/moving`),
        pause,
      });
      memory.stop();
      const { seen, unseen } = timed;
      process.stdout.write(
        `${perSecond} changes a second for ${seconds} s, each pod every ${cluster.moving.length / perSecond} s; timed from sending\n` +
          `the patch to having read /sd/moving (${Math.round(timed.bytes / 1000)} kB), which is read with pauses of ${pause} ms\n`,
      );
      print([
        ["changes", "seen", "median", "99th", "worst"],
        [
          String(seconds * perSecond),
          `${seen.length} of ${seen.length + unseen}`,
          milliseconds(median(seen)),
          milliseconds(percentile(seen, 99)),
          milliseconds(Math.max(...seen)),
        ],
      ]);
      process.stdout.write("\nmemory of the whole local process, the embedded table included\n");
      print([
        ["", "first minute", "last minute", "growth after the first minute"],
        ["resident", ...course(memory.all)],
        ["of that not of mapped files", ...course(memory.own)],
      ]);
      process.stdout.write(`at its peak ${peakMegabytes(rollcall.pid)} MB\n`);
    } finally {
      await rollcall.stop();
    }
  });

const perSecond = 50;
const seconds = wholeNumber("ROLLCALL_BENCH_SECONDS", 300);
/** Milliseconds. */
const [settling, pause] = [10_000, 50];

interface Point {
  /** Minutes since the first. */
  readonly x: number;
  /** Megabytes. */
  readonly y: number;
}

const course = (points: readonly Point[]): string[] => {
  const end = points.at(-1)?.x ?? 0;
  const middle = (of: readonly Point[]) => `${Math.round(median(of.map(({ y }) => y)))} MB`;
  return [
    middle(points.filter(({ x }) => x < 1)),
    middle(points.filter(({ x }) => x > end - 1)),
    `${slope(points.filter(({ x }) => x >= Math.min(1, end / 4))).toFixed(1)} MB a minute`,
  ];
};

const watchMemory = (pid: number) => {
  const began = performance.now();
  const [all, own]: [Point[], Point[]] = [[], []];
  const timer = setInterval(() => {
    const x = (performance.now() - began) / 60_000;
    all.push({ x, y: residentMegabytes(pid) });
    own.push({ x, y: ownMegabytes(pid) });
  }, 1000);
  return { all, own, stop: () => clearInterval(timer) };
};

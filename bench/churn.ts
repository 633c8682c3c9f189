import { setTimeout as sleep } from "node:timers/promises";
import { createMove, timeChanges } from "./support/changes.ts";
import { withCluster } from "./support/cluster.ts";
import type { About, Figure } from "./support/figure.ts";
import { ownMegabytes, peakMegabytes } from "./support/memory.ts";
import { startServing } from "./support/rollcall.ts";
import { resting, wholeNumber } from "./support/settings.ts";
import { median, type Point, percentile, slope } from "./support/statistics.ts";
import { fetchText } from "./support/text.ts";

export const about: About = {
  says: "50 changes a second among 10,000 pods: until each is served, whether any is missed, and memory.",
  minutes: 2,
};

const pods = wholeNumber("ROLLCALL_BENCH_PODS", 10_000);

/** For a minute, or `ROLLCALL_BENCH_SECONDS`; each pod every ten seconds. The list is read with pauses of 50 ms. */
export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: Math.min(500, pods >> 1), pods }, async (cluster) => {
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
      const at = `${perSecond} changes a second`;
      const wait = { unit: "ms" as const, at };
      return [
        { name: "change until served, median", ...wait, ours: median(seen) },
        { name: "change until served, 99th", ...wait, ours: percentile(seen, 99) },
        { name: "change until served, worst", ...wait, ours: Math.max(...seen) },
        { name: "changes made", unit: "", at, ours: seen.length + unseen },
        { name: "changes never seen", unit: "", at, ours: unseen, target: { most: 0, says: "none" } },
        { name: "peak memory, embedded table included", unit: "MB", at, ours: peakMegabytes(rollcall.pid) },
        {
          name: "growth of memory a minute, mapped files left out",
          unit: "MB",
          at,
          ours: growth(memory.own),
        },
      ];
    } finally {
      await rollcall.stop();
    }
  });

const perSecond = 50;
const seconds = wholeNumber("ROLLCALL_BENCH_SECONDS", 60);
/** Milliseconds. */
const [settling, pause] = [resting(10_000), 50];

/** The first half is left out, in which caches fill. */
const growth = (points: readonly Point[]): number => {
  const end = points.at(-1)?.x ?? 0;
  return slope(points.filter(({ x }) => x >= end / 2));
};

const watchMemory = (pid: number) => {
  const began = performance.now();
  const own: Point[] = [];
  const timer = setInterval(() => {
    const x = (performance.now() - began) / 60_000;
    own.push({ x, y: ownMegabytes(pid) });
  }, 1000);
  return { own, stop: () => clearInterval(timer) };
};

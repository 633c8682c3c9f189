import { emptyCaches } from "../lib/discovery/kubernetes/caches.ts";
import { pods } from "../lib/discovery/kubernetes/resources.ts";
import { podRole } from "../lib/discovery/kubernetes/roles/pod.ts";
import { contentHash } from "../lib/targetgroup/hash.ts";
import type { About, Figure } from "./support/figure.ts";
import { podManifest } from "./support/pods.ts";
import { median } from "./support/statistics.ts";

export const about: About = {
  says: "How many pods a second are decoded, built into groups, and hashed, in memory.",
  minutes: 0.2,
};

const count = 10_000;
const runs = 7;

/** Each step by itself, the first time (when nothing is compiled) left out. */
export const bench = async (): Promise<Figure[]> => {
  const manifests = Array.from({ length: count }, (_, index) => podManifest(index));
  const objects: Parameters<typeof pods.decode>[0][] = JSON.parse(JSON.stringify(manifests));
  const taken = { decode: [] as number[], build: [] as number[], hash: [] as number[] };
  const timed = <Result>(into: number[], work: () => Result): Result => {
    const began = performance.now();
    const result = work();
    into.push(performance.now() - began);
    return result;
  };
  for (let run = 0; run <= runs; run += 1) {
    const decoded = timed(taken.decode, () => objects.map(pods.decode));
    const groups = timed(taken.build, () => decoded.flatMap((pod) => podRole.build(pod, emptyCaches) ?? []));
    timed(taken.hash, () => groups.map(contentHash));
  }
  const target = { least: 100_000, says: "at least 100,000 a second" };
  return [
    rate("pods decoded", taken.decode),
    { ...rate("pods built into groups", taken.build), target },
    rate("groups hashed", taken.hash),
  ];
};

const rate = (name: string, [, ...taken]: readonly number[]): Figure => {
  const of = (milliseconds: number) => Math.round((count * 1000) / milliseconds);
  return {
    ...{ name, unit: "/s", at: `${count.toLocaleString("en-US")} pods`, ours: of(median(taken)) },
    spread: [of(Math.max(...taken)), of(Math.min(...taken))],
  };
};

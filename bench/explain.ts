import { Agent } from "node:http";
import type { About, Figure } from "./support/figure.ts";
import { withFilledPool } from "./support/filled.ts";
import { podManifest } from "./support/pods.ts";
import { type Reading, read, readAgain } from "./support/reading.ts";
import { wholeNumber } from "./support/settings.ts";
import { median, percentile } from "./support/statistics.ts";

const targets = wholeNumber("ROLLCALL_BENCH_TARGETS", 100_000);
const runs = 30;

export const about: About = {
  says: "Why something is a target or is not, asked over HTTP of a job of 100,000 targets with ten rules.",
  minutes: 1,
};

export const bench = (): Promise<Figure[]> =>
  withFilledPool(targets, async (pool) => {
    const url = `${await pool.restart()}/api/v1/explain`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (object: string) => read(`${url}?object=${encodeURIComponent(object)}`, { agent });
    const figures: Figure[] = [];
    // The first question of all waits for the pool to be read.
    await read(`${url.replace("/explain", "/providers")}`, { agent });
    for (const [what, object] of questions) {
      const readings = await readAgain(runs + 1, () => ask(object));
      figures.push(...figuresOf(what, readings));
    }
    agent.destroy();
    return figures;
  });

const pod = podManifest(targets / 4);
const { name } = pod.metadata;
const [, ip] = /"podIP":"([^"]+)"/.exec(JSON.stringify(pod)) ?? [];

const questions: readonly (readonly [string, string])[] = [
  ["a pod by kind, namespace and name", `pod/default/${name}`],
  ["a pod by its name alone", name],
  ["an address", `${ip}:8080`],
  ["an address that nothing has", "127.99.99.99:80"],
  ["a pod that is not there", "pod/default/nobody-00000"],
  ["a label matcher, one fits", `{__meta_kubernetes_pod_name="${name}"}`],
  ["a label matcher, all fit", `{__meta_kubernetes_namespace="default"}`],
];

/** The very first question after the start reads the whole pool. */
const figuresOf = (what: string, [first, ...more]: readonly Reading[]): Figure[] => {
  const whole = more.map((reading) => reading.whole);
  const target = { most: 100, says: "at most 100 ms" };
  return [
    { name: `explain ${what}, first`, unit: "ms", ours: first!.whole },
    { name: `explain ${what}, median`, unit: "ms", ours: median(whole), target },
    { name: `explain ${what}, 95th`, unit: "ms", ours: percentile(whole, 95) },
  ];
};

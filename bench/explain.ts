import { Agent } from "node:http";
import { median, milliseconds, percentile, print } from "./support/figures.ts";
import { withFilledPool } from "./support/filled.ts";
import { podManifest } from "./support/pods.ts";
import { type Reading, read, readAgain } from "./support/reading.ts";
import { wholeNumber } from "./support/settings.ts";

const targets = wholeNumber("ROLLCALL_BENCH_TARGETS", 100_000);
const runs = 30;

/** Why something is a target or is not, asked over HTTP of a job of 100,000 targets with ten rules; the target is 100 ms. */
export const bench = () =>
  withFilledPool(targets, async (pool) => {
    const url = `${await pool.restart()}/api/v1/explain`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (object: string) => read(`${url}?object=${encodeURIComponent(object)}`, { agent });
    const rows = [["asked for", "status", "first", "median", "95th"]];
    // The first question of all waits for the pool to be read.
    await read(`${url.replace("/explain", "/providers")}`, { agent });
    for (const [what, object] of questions) {
      const readings = await readAgain(runs + 1, () => ask(object));
      rows.push([what, ...figures(readings)]);
    }
    agent.destroy();
    process.stdout.write(
      `first: of this kind, the very first after the start reads the whole pool; median of ${runs} more\n`,
    );
    print(rows);
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

const figures = ([first, ...more]: readonly Reading[]): string[] => {
  const whole = more.map((reading) => reading.whole);
  return [
    String(first!.status),
    milliseconds(first!.whole),
    milliseconds(median(whole)),
    milliseconds(percentile(whole, 95)),
  ];
};

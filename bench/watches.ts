import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { ControlPlane } from "../tests/e2e/control-plane.ts";
import { eventually } from "../tests/e2e/eventually.ts";
import { startRollcall } from "../tests/e2e/rollcall.ts";
import { createMove, type Move, moveAll } from "./support/changes.ts";
import { access, type Cluster, job, movingNamespace, withCluster } from "./support/cluster.ts";
import { startCountingProxy } from "./support/countingproxy.ts";
import { print } from "./support/figures.ts";
import { startPrometheus, startVmagent } from "./support/peers.ts";

/**
 * How many watches the API server itself counts, by resource, with 1, 5 and 50 jobs, and how many bytes are read from it
 * for each change of a pod.
 */
export const bench = () =>
  withCluster({ moving: 100, pods: 1000 }, async (cluster) => {
    const move = createMove(cluster.plane, cluster.moving);
    // Its own controllers begin to watch one after the other.
    await atRest(cluster.plane, new Map());
    const rows: string[][] = [];
    for (const [what, blocks] of Object.entries(configurations)) {
      for (const contender of contenders)
        rows.push([what, ...(await count({ ...cluster, move, contender, blocks }))]);
    }
    process.stdout.write(
      "watches: apiserver_longrunning_gauge, without those of the control plane itself; bytes: TLS included, counted on the\n" +
        `way, while ${changes} status patches of pods in the namespace \`${movingNamespace}\` came in, 50 a second\n`,
    );
    print([["jobs", "", ...resources, "watches", "bytes per change"], ...rows]);
  });

const changes = 250;
const roles = ["pod", "service", "endpoints", "endpointslice", "ingress"];
const resources = ["pods", "services", "endpoints", "endpointslices", "ingresses"];

type Block = Readonly<Record<string, unknown>>;

const whole = roles.map((role) => ({ role }));
const teams = [movingNamespace, ...Array.from({ length: 8 }, (_, index) => `team-${index}`)];
const ofTeams = teams.flatMap((name) => whole.map((block) => ({ ...block, namespaces: { names: [name] } })));

const configurations: Readonly<Record<string, readonly Block[]>> = {
  "1: pods": whole.slice(0, 1),
  "5: one of each role": whole,
  "50: ten of each role, alike": Array.from({ length: 10 }, () => whole).flat(),
  "50: one of each role, and one of each in nine namespaces": [...whole, ...ofTeams],
};

interface Running {
  stop(): Promise<void>;
}

interface Contender {
  readonly name: string;
  readonly start: (jobs: readonly object[], folder: string) => Promise<Running>;
}

const contenders: readonly Contender[] = [
  {
    name: "Rollcall",
    start: async (jobs, folder) => {
      const config = join(folder, "rollcall.yml");
      writeFileSync(config, stringify({ scrape_configs: jobs }, { aliasDuplicateObjects: false }));
      return startRollcall({ config, data: join(folder, "data") });
    },
  },
  { name: "vmagent", start: startVmagent },
  { name: "Prometheus 3.5", start: startPrometheus },
];

interface Asked extends Cluster {
  readonly move: Move;
  readonly contender: Contender;
  readonly blocks: readonly Block[];
}

const count = async ({ plane, folder, move, contender, blocks }: Asked) => {
  const proxy = await startCountingProxy(new URL(plane.url));
  const before = await watchesOf(plane);
  const jobs = blocks.map((block, index) => job(`job-${index}`, { ...block, ...access(plane, proxy.url) }));
  const running = await contender.start(jobs, mkdtempSync(join(folder, "contender-")));
  try {
    const watches = await atRest(plane, before);
    const read = proxy.read();
    await moveAll({ move, changes, gap: () => 20, sent: () => {} });
    await sleep(2000);
    const bytes = Math.round((proxy.read() - read) / changes);
    const all = [...watches.values()].reduce((sum, of) => sum + of, 0);
    const each = resources.map((resource) => String(watches.get(resource) ?? 0));
    return [contender.name, ...each, String(all), String(bytes)];
  } finally {
    await running.stop();
    await proxy.close();
    await eventually("its watches are gone", 60, async () => {
      assert.deepEqual(difference(await watchesOf(plane), before), new Map());
    });
  }
};

/** Open watches of the resources that are discovered, as the API server counts them. */
const watchesOf = async (plane: ControlPlane): Promise<Map<string, number>> => {
  const watches = new Map<string, number>();
  for (const line of (await plane.read("/metrics")).split("\n")) {
    if (!line.startsWith("apiserver_longrunning_gauge{") || !/verb="WATCH"/.test(line)) continue;
    const resource = /[{,]resource="([^"]+)"/.exec(line)?.[1] ?? "";
    if (!resources.includes(resource)) continue;
    watches.set(resource, (watches.get(resource) ?? 0) + Number(line.slice(line.lastIndexOf(" ") + 1)));
  }
  return watches;
};

const difference = (now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>) =>
  new Map(
    [...now]
      .map(([resource, of]) => [resource, of - (before.get(resource) ?? 0)] as const)
      .filter(([, of]) => of !== 0),
  );

/** What was added once nothing has been added for five seconds. */
const atRest = async (plane: ControlPlane, before: ReadonlyMap<string, number>) => {
  let last: Map<string, number> = new Map();
  let since = performance.now();
  await eventually("the watches are there", 120, async () => {
    const now = difference(await watchesOf(plane), before);
    if (JSON.stringify([...now]) !== JSON.stringify([...last])) since = performance.now();
    last = now;
    assert.ok(now.size > 0 && performance.now() - since > 5000);
  });
  return last;
};

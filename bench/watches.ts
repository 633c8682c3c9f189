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
import type { About, Figure } from "./support/figure.ts";
import { startPrometheus, startVmagent } from "./support/peers.ts";

export const about: About = {
  says: "Watches that the API server itself counts, and bytes read from it for each change, with 1, 5 and 50 jobs.",
  minutes: 5,
};

/** Watches: `apiserver_longrunning_gauge` without those of the control plane itself; bytes: TLS included, counted on the way. */
export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: 100, pods: 1000 }, async (cluster) => {
    const move = createMove(cluster.plane, cluster.moving);
    // Its own controllers begin to watch one after the other.
    await atRest(cluster.plane, new Map());
    const figures: Figure[] = [];
    for (const [at, blocks] of Object.entries(configurations)) {
      const ours = await count({ ...cluster, move, start: startOurs, blocks });
      const vmagent = await count({ ...cluster, move, start: startVmagent, blocks });
      const prometheus = await count({ ...cluster, move, start: startPrometheus, blocks });
      const of = (pick: (counted: Counted) => number) => {
        return { at, ours: pick(ours), prometheus: pick(prometheus), vmagent: pick(vmagent) };
      };
      figures.push({ name: "watches", unit: "", ...of(({ watches }) => watches) });
      figures.push({ name: "bytes read for a change", unit: "B", ...of(({ bytes }) => bytes) });
    }
    return figures;
  });

const changes = 250;
const roles = ["pod", "service", "endpoints", "endpointslice", "ingress"];
const resources = ["pods", "services", "endpoints", "endpointslices", "ingresses"];

type Block = Readonly<Record<string, unknown>>;

const whole = roles.map((role) => ({ role }));
const teams = [movingNamespace, ...Array.from({ length: 8 }, (_, index) => `team-${index}`)];
const ofTeams = teams.flatMap((name) => whole.map((block) => ({ ...block, namespaces: { names: [name] } })));

const configurations: Readonly<Record<string, readonly Block[]>> = {
  "1 job": whole.slice(0, 1),
  "5 jobs, one of each role": whole,
  "50 jobs, 45 of them in nine namespaces": [...whole, ...ofTeams],
};

interface Running {
  stop(): Promise<void>;
}

type Start = (jobs: readonly object[], folder: string) => Promise<Running>;

const startOurs: Start = (jobs, folder) => {
  const config = join(folder, "rollcall.yml");
  writeFileSync(config, stringify({ scrape_configs: jobs }, { aliasDuplicateObjects: false }));
  return startRollcall({ config, data: join(folder, "data") });
};

interface Counted {
  readonly watches: number;
  readonly bytes: number;
}

interface Asked extends Cluster {
  readonly move: Move;
  readonly start: Start;
  readonly blocks: readonly Block[];
}

const count = async ({ plane, folder, move, start, blocks }: Asked): Promise<Counted> => {
  const proxy = await startCountingProxy(new URL(plane.url));
  const before = await watchesOf(plane);
  const jobs = blocks.map((block, index) => job(`job-${index}`, { ...block, ...access(plane, proxy.url) }));
  const running = await start(jobs, mkdtempSync(join(folder, "contender-")));
  try {
    const watches = await atRest(plane, before);
    const read = proxy.read();
    await moveAll({ move, changes, gap: () => 20, sent: () => {} });
    await sleep(2000);
    const bytes = Math.round((proxy.read() - read) / changes);
    return { watches: [...watches.values()].reduce((sum, of) => sum + of, 0), bytes };
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

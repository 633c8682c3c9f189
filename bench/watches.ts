import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { ready, startRollcall } from "../tests/e2e/rollcall.ts";
import { atRest, burdenFigures, measureBurden, type StartDiscoverers } from "./support/atserver.ts";
import { createMove } from "./support/changes.ts";
import { access, job, movingNamespace, withCluster } from "./support/cluster.ts";
import type { About, Figure } from "./support/figure.ts";
import { type StartPeer, startPrometheus, startVmagent } from "./support/peers.ts";

export const about: About = {
  says: "What an API server with 1,000 pods bears for one scraper with 1 job, and with 50 jobs.",
  minutes: 3,
};

export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: 100, pods: 1000 }, async (cluster) => {
    const measured = { ...cluster, move: createMove(cluster.plane, cluster.moving) };
    // Its own controllers begin to watch one after the other.
    await atRest(cluster.plane, 0);
    const figures: Figure[] = [];
    for (const [at, blocks] of Object.entries(configurations)) {
      const jobs = (url: string) =>
        blocks.map((block, index) => job(`job-${index}`, { ...block, ...access(cluster.plane, url) }));
      const burden = (start: StartDiscoverers) => measureBurden(measured, start);
      const peer = (start: StartPeer) => burden((url, folder) => start(jobs(url), folder));
      figures.push(
        ...burdenFigures(at, {
          ours: await burden((url, folder) => startOurs(jobs(url), folder)),
          prometheus: await peer(startPrometheus),
          vmagent: await peer(startVmagent),
        }),
      );
    }
    return figures;
  });

const startOurs = async (jobs: readonly object[], folder: string) => {
  const config = join(folder, "rollcall.yml");
  writeFileSync(config, stringify({ scrape_configs: jobs }, { aliasDuplicateObjects: false }));
  const rollcall = await startRollcall({ config, data: join(folder, "data") });
  await ready(rollcall);
  return rollcall;
};

type Block = Readonly<Record<string, unknown>>;

const whole = ["pod", "service", "endpoints", "endpointslice", "ingress"].map((role) => ({ role }));
const teams = [movingNamespace, ...Array.from({ length: 8 }, (_, index) => `team-${index}`)];
const ofTeams = teams.flatMap((name) => whole.map((block) => ({ ...block, namespaces: { names: [name] } })));

const configurations: Readonly<Record<string, readonly Block[]>> = {
  "1 job, pods": whole.slice(0, 1),
  "50 jobs: one of each role, and one of each in nine namespaces": [...whole, ...ofTeams],
};

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { ready, startRollcall } from "../tests/e2e/rollcall.ts";
import { burdenFigures, measureBurden } from "./support/atserver.ts";
import { createMove } from "./support/changes.ts";
import { access, job, movingNamespace, withCluster } from "./support/cluster.ts";
import type { About, Figure } from "./support/figure.ts";
import { type StartPeer, startPrometheus, startVmagent } from "./support/peers.ts";
import { wholeNumber } from "./support/settings.ts";

export const about: About = {
  says: "What an API server with 1,000 pods bears for one scraper with 50 jobs.",
  minutes: 1.5,
};

const pods = wholeNumber("ROLLCALL_BENCH_PODS", 1000);

export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: Math.min(100, pods >> 1), pods }, async (cluster) => {
    const measured = { ...cluster, move: createMove(cluster.plane, cluster.moving) };
    const jobs = (url: string) =>
      blocks.map((block, index) => job(`job-${index}`, { ...block, ...access(cluster.plane, url) }));
    const peer = (start: StartPeer) => measureBurden(measured, (url, folder) => start(jobs(url), folder));
    return burdenFigures("50 jobs: one of each role, and one of each in nine namespaces", {
      ours: await measureBurden(measured, (url, folder) => startOurs(jobs(url), folder)),
      prometheus: await peer(startPrometheus),
      vmagent: await peer(startVmagent),
    });
  });

const startOurs = async (jobs: readonly object[], folder: string) => {
  const config = join(folder, "rollcall.yml");
  writeFileSync(config, stringify({ scrape_configs: jobs }, { aliasDuplicateObjects: false }));
  const rollcall = await startRollcall({ config, data: join(folder, "data") });
  await ready(rollcall);
  return rollcall;
};

const whole = ["pod", "service", "endpoints", "endpointslice", "ingress"].map((role) => ({ role }));
const teams = [movingNamespace, ...Array.from({ length: 8 }, (_, index) => `team-${index}`)];
const ofTeams = teams.flatMap((name) => whole.map((block) => ({ ...block, namespaces: { names: [name] } })));

const blocks = [...whole, ...ofTeams];

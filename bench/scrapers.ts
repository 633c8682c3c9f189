import assert from "node:assert/strict";
import { join } from "node:path";
import { eventually } from "../tests/e2e/eventually.ts";
import { type Rollcall, startRollcall } from "../tests/e2e/rollcall.ts";
import { burdenFigures, measureBurden } from "./support/atserver.ts";
import { createMove } from "./support/changes.ts";
import { access, type Cluster, job, keepMoving, withCluster } from "./support/cluster.ts";
import type { About, Figure } from "./support/figure.ts";
import {
  activeTargets,
  discovered,
  type Peer,
  type StartPeer,
  startPrometheus,
  startVmagent,
} from "./support/peers.ts";
import { allServed, writeConfig } from "./support/rollcall.ts";
import { wholeNumber } from "./support/settings.ts";

export const about: About = {
  says: "What an API server with 1,000 pods bears for 1, 5 and 50 scrapers, which Rollcall keeps away from it.",
  minutes: 6,
};

const pods = wholeNumber("ROLLCALL_BENCH_PODS", 1000);
const most = wholeNumber("ROLLCALL_BENCH_SCRAPERS", 50);
const sizes = [...new Set([1, Math.max(1, Math.round(most / 10)), most])];

/** Scrapers of Rollcall are vmagents with HTTP service discovery. All keep the moving pods' targets only, and scrape none. */
export const bench = (): Promise<Figure[]> =>
  withCluster({ moving: Math.min(100, pods >> 1), pods }, async (cluster) => {
    const measured = { ...cluster, move: createMove(cluster.plane, cluster.moving) };
    const figures: Figure[] = [];
    let alone: readonly Figure[] | undefined;
    for (const many of sizes) {
      const burden = {
        ours: await measureBurden(measured, (url, folder) => ours({ ...cluster, folder }, { url, many })),
        prometheus: await measureBurden(measured, theirs(cluster, startPrometheus, many)),
        vmagent: await measureBurden(measured, theirs(cluster, startVmagent, many)),
      };
      const measuredNow = burdenFigures(`${many} ${many === 1 ? "scraper" : "scrapers"}`, burden);
      alone ??= measuredNow;
      figures.push(...flat(measuredNow, alone));
    }
    return figures;
  });

/** With many scrapers ours must be what it is with one; the API server's CPU time also has the changes themselves in it, and its own work. */
const flat = (figures: readonly Figure[], alone: readonly Figure[]): Figure[] =>
  figures.map((figure, at) => {
    const { name, ours, unit } = alone[at]!;
    if (unit === "ms") return figure;
    if (unit === "B") {
      return { ...figure, target: { most: ours * 1.1, says: "as with one scraper, within 10 %" } };
    }
    // A list of a relay's check, or a watch whose time is over, may fall into one measurement and not into the other; of watches the
    // control plane has some of its own, which are counted as requests each time that they end.
    const more = name.startsWith("requests") ? 5 : 2;
    return { ...figure, target: { most: ours + more, says: `as with one scraper, or ${more} more` } };
  });

const ours = async (cluster: Cluster, { url, many }: { url: string; many: number }) => {
  const config = writeConfig(cluster, url);
  const rollcall = await startRollcall({ config, data: join(cluster.folder, "data") });
  const running: { stop(): Promise<void> }[] = [rollcall];
  try {
    await allServed(cluster, rollcall);
    running.unshift(...(await several(many, () => startScraper(rollcall, cluster.folder))));
    return { stop: () => stopAll(running) };
  } catch (error) {
    await stopAll(running);
    throw error;
  }
};

const startScraper = async ({ url }: Rollcall, folder: string): Promise<Peer> => {
  const { kubernetes_sd_configs: _, ...pods } = job("pods");
  const scraped = { ...pods, http_sd_configs: [{ url: `${url}/sd/pods` }], relabel_configs: keepMoving };
  const scraper = await startVmagent([scraped], folder);
  await eventually("a scraper has the list", 120, async () => {
    assert.match(await activeTargets(scraper)(), /"__meta_kubernetes_namespace":"moving"/);
  });
  return scraper;
};

const theirs =
  ({ plane, count }: Cluster, start: StartPeer, many: number) =>
  async (url: string, folder: string) => {
    const pods = { ...job("pods", { role: "pod", ...access(plane, url) }), relabel_configs: keepMoving };
    const running = await several(many, async () => {
      const peer = await start([pods], folder);
      await discovered(peer, count).catch(async (error) => {
        await peer.stop();
        throw error;
      });
      return peer;
    });
    return { stop: () => stopAll(running) };
  };

/** A few at a time: so many that begin at once on one machine would measure the machine. */
const several = async (many: number, start: () => Promise<Peer>): Promise<Peer[]> => {
  const running: Peer[] = [];
  while (running.length < many) {
    const some = await Promise.allSettled(Array.from({ length: Math.min(5, many - running.length) }, start));
    running.push(...some.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    const failed = some.find((one) => one.status === "rejected");
    if (failed === undefined) continue;
    await stopAll(running);
    throw failed.reason;
  }
  return running;
};

const stopAll = async (running: readonly { stop(): Promise<void> }[]) => {
  await Promise.all(running.map((one) => one.stop()));
};

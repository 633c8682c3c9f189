import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import * as z from "zod";
import { type ApiServer, startApiServer } from "../../local/demo/apiserver.ts";
import { createWorkload } from "../../local/demo/workload.ts";
import { type AcceptedDifference, withoutNewLabels } from "./accepted.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { type Rollcall, ready, startRollcall } from "./rollcall.ts";
import { judgedJobs, type ScrapeConfig } from "./targets/jobs.ts";
import { startScraper } from "./targets/prometheus.ts";
import { readShown, type ShownTargets } from "./targets/shown.ts";

/** Which parts a fleet of scrapers has. */
const shards = [0, 1, 2];

/**
 * A real Prometheus and we run the same configuration: both target APIs have to show the same. The same Prometheus is
 * also a fleet of three shards over our lists, and a scraper without rules over our relabelled lists.
 */
describe("Prometheus and our target API agree", () => {
  const folder = temporaryFolder("targets");
  let server: ApiServer;
  let rollcall: Rollcall;
  let scraper: Awaited<ReturnType<typeof startScraper>>;
  let jobs: readonly ScrapeConfig[];
  let ours: ReadonlyMap<string, ShownTargets>;
  let theirs: ReadonlyMap<string, ShownTargets>;

  before(async () => {
    server = await startApiServer();
    createWorkload(server, { random: seeded(7), clock: Date.now });
    mkdirSync(join(folder.path, "data"));
    jobs = judgedJobs(server, folder.path);
    const config = join(folder.path, "prometheus.yml");
    writeFileSync(config, stringify({ scrape_configs: jobs }, { aliasDuplicateObjects: false }));
    rollcall = await startRollcall({ config, data: join(folder.path, "data") });
    await ready(rollcall);
    scraper = await startScraper([...jobs, ...jobs.flatMap((job) => overOurLists(job, rollcall.url))]);
    await eventually("both sides have all targets", 40, async () => {
      [ours, theirs] = await Promise.all([readShown(rollcall.url), readShown(scraper.url)]);
      const counts = jobs.map(({ job_name: name }) => [name, sizeOf(ours, name), sizeOf(theirs, name)]);
      assert.ok(
        counts.every(([, mine, yours]) => mine === yours),
        JSON.stringify(counts),
      );
      for (const { job_name: name } of jobs) {
        const sum = shards.map((shard) => sizeOf(theirs, `shard${shard}/${name}`)).reduce((a, b) => a + b);
        assert.ok(sum >= sizeOf(ours, name), `${sum} of ${sizeOf(ours, name)} in the shards of ${name}`);
        assert.equal(theirs.get(`final/${name}`)?.active.length, ours.get(name)?.active.length, name);
      }
    });
  });
  after(async () => {
    await scraper?.stop();
    await rollcall?.stop();
    await server?.close();
    folder.remove();
  });

  test("on every job's targets: discovered and final labels, active and dropped, and how many", () => {
    const seen = { active: 0, dropped: 0, merged: 0 };
    for (const { job_name: name } of jobs) {
      const [mine, yours] = [ours.get(name)!, theirs.get(name)!];
      assert.deepEqual(mine.active.map(comparable).sort(), yours.active.map(comparable).sort(), name);
      assert.equal(mine.droppedCount, yours.droppedCount, name);
      assert.equal(mine.dropped.length, yours.dropped.length, name);
      if (mine.droppedCount === mine.dropped.length) {
        assert.deepEqual(mine.dropped.map(plain).sort(), yours.dropped.map(plain).sort(), name);
      }
      seen.active += mine.active.length;
      seen.dropped += mine.droppedCount;
    }
    assert.ok(seen.active > 100 && seen.dropped > 30, JSON.stringify(seen));
    assert.equal(ours.get("merged")?.active.length, 2);
    assert.equal(ours.get("files")?.active.length, 60, "30 are dropped and 30 refused");
  });

  test("on the names of the pools", async () => {
    const names = async (url: string) =>
      poolsAnswer.parse(await (await fetch(`${url}/api/v1/scrape_pools`)).json()).data.scrapePools;
    const judged = (await names(scraper.url)).filter((name) => jobs.some((job) => job.job_name === name));
    assert.deepEqual(await names(rollcall.url), judged);
  });

  test("and three shards of a fleet have each target once", () => {
    for (const { job_name: name } of jobs) {
      if (name === "merged") continue;
      const parts = shards.map((shard) => theirs.get(`shard${shard}/${name}`)!);
      const active = parts.flatMap((part) => part.active.map(scraped)).sort();
      assert.deepEqual(active, ours.get(name)!.active.map(scraped).sort(), name);
      const dropped = parts.reduce((sum, { droppedCount }) => sum + droppedCount, 0);
      assert.equal(dropped, ours.get(name)!.droppedCount, name);
    }
    const filled = shards.filter((shard) => theirs.get(`shard${shard}/pods`)!.active.length > 0);
    assert.deepEqual(filled, shards);
  });

  test("and a scraper without rules gets the same final targets from a relabelled list", () => {
    for (const { job_name: name } of jobs) {
      const final = theirs.get(`final/${name}`)!;
      assert.deepEqual(final.active.map(scraped).sort(), ours.get(name)!.active.map(scraped).sort(), name);
      assert.equal(final.droppedCount, 0);
    }
  });

  test("and a reader who waits hears of a change as it happens", async () => {
    const url = `${rollcall.url}/sd/pods?relabel=true`;
    const tag = (await fetch(url)).headers.get("etag") ?? "";
    const waiting = fetch(`${url}&after=${encodeURIComponent(tag)}&wait=20s`);
    const [pod] = server.objects("Pod");
    assert.ok(pod);
    const began = performance.now();
    server.remove("Pod", pod.metadata.namespace ?? "", pod.metadata.name);
    const answer = await waiting;
    assert.equal(answer.status, 200);
    assert.notEqual(answer.headers.get("etag"), tag);
    assert.ok(performance.now() - began < 5000, `${performance.now() - began} ms`);
  });
});

const poolsAnswer = z.object({ data: z.object({ scrapePools: z.array(z.string()) }) });

/** The job over our lists: as a fleet with its own rules, and without rules over final targets. */
const overOurLists = (job: ScrapeConfig, url: string): ScrapeConfig[] => {
  const {
    job_name: name,
    relabel_configs,
    params,
    keep_dropped_targets,
    scheme,
    metrics_path,
    scrape_interval,
  } = job;
  const own = JSON.parse(
    JSON.stringify({ params, keep_dropped_targets, scheme, metrics_path, scrape_interval }),
  );
  const list = (query: string) => ({
    http_sd_configs: [{ url: `${url}/sd/${encodeURIComponent(name)}?${query}`, refresh_interval: "2s" }],
  });
  const named = { target_label: "job", replacement: name };
  const rules = Array.isArray(relabel_configs) ? [named, ...relabel_configs] : [named];
  return [
    ...shards.map((shard) => ({
      ...own,
      job_name: `shard${shard}/${name}`,
      relabel_configs: rules,
      ...list(`shard=${shard}&of=${shards.length}`),
    })),
    { job_name: `final/${name}`, ...(params === undefined ? {} : { params }), ...list("relabel=true") },
  ];
};

const sizeOf = (shown: ReadonlyMap<string, ShownTargets>, job: string) => {
  const found = shown.get(job);
  return found === undefined ? Number.NaN : found.active.length + found.droppedCount;
};

type Active = ShownTargets["active"][number];

/** What a scraper does with a target. */
const scraped = ({ labels, scrapeUrl, scrapeInterval, scrapeTimeout }: Active) =>
  canonical({ labels: plain(labels), scrapeUrl, scrapeInterval, scrapeTimeout });

/** Without health and scrape times, since we scrape nothing; `globalUrl` is each side's own. */
const comparable = (target: Active) => `${scraped(target)} ${plain(target.discoveredLabels)}`;

/** The histogram options are labels since 3.13; the judge is 3.5. The rest is accepted in every suite. */
const plain = (labels: Readonly<Record<string, string>>) =>
  canonical(
    Object.fromEntries(
      Object.entries(withoutNewLabels(labels, used)).filter(
        ([name]) => !/_classic_histograms_|__scrape_native_histograms__/.test(name),
      ),
    ),
  );

const used = new Set<AcceptedDifference>();

const canonical = (value: object) =>
  JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Numbers in [0, 1) that are the same each time. */
const seeded = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
};

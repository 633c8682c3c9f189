import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse, stringify } from "yaml";
import * as z from "zod";
import { type ApiServer, startApiServer } from "../../local/demo/apiserver.ts";
import { createWorkload } from "../../local/demo/workload.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { freePort } from "./ports.ts";
import { type Program, repository, runProgram, startProgram } from "./process.ts";
import { findPrometheus } from "./prometheus.ts";
import { type Rollcall, ready, startRollcall } from "./rollcall.ts";
import { type ExampleFile, exampleFor, shardOf, together } from "./scrapers/files.ts";

const jobs = ["pods", "nodes"];

/** The examples in docs/examples/scrapers, run by the real scrapers against lists that need a token. */
describe("the scraper examples read the lists", () => {
  const folder = temporaryFolder("scrapers");
  const tokenFile = join(folder.path, "token");
  const token = randomBytes(24).toString("hex");
  const programs: Program[] = [];
  let server: ApiServer;
  let rollcall: Rollcall;
  /** Final targets by job. */
  let ours: ReadonlyMap<string, readonly Labels[]>;

  before(async () => {
    server = await startApiServer();
    createWorkload(server, { random: Math.random, clock: Date.now });
    writeFileSync(tokenFile, `${token}\n`);
    rollcall = await startOriginal();
    await ready(rollcall);
    const shown = await eventually("everything is discovered", 30, async () => {
      const found = await activeBy(rollcall.url, { authorization: `Bearer ${token}` });
      for (const job of jobs) assert.ok((found.get(job)?.length ?? 0) > 3, job);
      return found;
    });
    ours = shown;
  });
  after(async () => {
    for (const program of programs) await program.stop();
    await rollcall?.stop();
    await server?.close();
    folder.remove();
  });

  /** The example's own original.yml, at our cluster. */
  const startOriginal = () => {
    const original = originalSchema.parse(
      parse(readFileSync(join(repository, "docs/examples/scrapers/original.yml"), "utf8")),
    );
    const cluster = { api_server: server.url, authorization: { credentials: server.token } };
    const scrape_configs = original.scrape_configs.map(({ kubernetes_sd_configs: [{ role }], ...job }) => ({
      ...job,
      kubernetes_sd_configs: [{ role, ...cluster }],
    }));
    const config = join(folder.path, "original.yml");
    const settings = join(folder.path, "rollcall.yml");
    writeFileSync(config, stringify({ ...original, scrape_configs }));
    const sha256 = createHash("sha256").update(token).digest("hex");
    writeFileSync(settings, stringify({ tokens: [{ name: "fleet", sha256, jobs }] }));
    mkdirSync(join(folder.path, "data"));
    return startRollcall({ config, settings, data: join(folder.path, "data") });
  };

  const example = (file: string) => exampleFor(file, { url: rollcall.url, tokenFile });

  const fleet = (kind: string): Record<string, ExampleFile> => ({
    plain: example(`${kind}.yml`),
    relabelled: example(`${kind}-relabelled.yml`),
    ...Object.fromEntries(
      [0, 1, 2].map((index) => [`shard${index}`, shardOf(example(`${kind}-sharded.yml`), index)]),
    ),
  });

  const write = (name: string, config: object): string => {
    const file = join(folder.path, `${name}.yml`);
    writeFileSync(file, stringify(config, { aliasDuplicateObjects: false }));
    return file;
  };

  /** Each variant has our targets, and the shards have them once between them. */
  const assertSame = (found: ReadonlyMap<string, readonly Labels[]>, as: (labels: Labels) => Labels) => {
    for (const job of jobs) {
      const own = textsOf(ours.get(job)?.map(as));
      assert.deepEqual(textsOf(found.get(`plain/${job}`)), own, `plain ${job}`);
      assert.deepEqual(textsOf(found.get(`relabelled/${job}`)), own, `relabelled ${job}`);
      const shards = [0, 1, 2].map((index) => found.get(`shard${index}/${job}`) ?? []);
      assert.deepEqual(textsOf(shards.flat()), own, `shards of ${job}`);
    }
  };

  /** Starts the scraper and waits until its targets are ours, `as` it writes them. */
  const run = async (scraper: {
    readonly name: string;
    readonly binary: string;
    readonly words: (address: string) => string[];
    readonly as: (labels: Labels) => Labels;
  }) => {
    const address = `127.0.0.1:${await freePort()}`;
    const program = startProgram(scraper.binary, scraper.words(address), folder.path);
    programs.push(program);
    await eventually(`${scraper.name} has our targets`, 60, async () => {
      assert.equal(program.exit(), undefined, program.output().slice(-1000));
      assertSame(await activeBy(`http://${address}`), scraper.as);
    });
  };

  test("Prometheus: each file passes promtool, and all variants have the same targets", async () => {
    const binary = await findPrometheus();
    const files = fleet("prometheus");
    for (const [name, config] of Object.entries(files)) {
      const said = await runProgram("promtool", ["check", "config", write(name, config)]);
      assert.match(said, /is valid prometheus config file syntax/);
    }
    const file = write("prometheus", together(files));
    await run({
      name: "Prometheus",
      binary,
      as: (labels) => labels,
      words: (address) => [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder.path, "tsdb")}`,
        `--web.listen-address=${address}`,
        "--log.level=error",
      ],
    });
  });

  test("vmagent: each file passes -dryRun, and all variants have the same targets", async () => {
    const get = join(repository, "../shared/peers/get");
    const binary = join((await runProgram(get, ["victoria-metrics"])).trim(), "vmagent");
    const files = fleet("vmagent");
    for (const [name, config] of Object.entries(files)) {
      const words = [
        "-dryRun",
        `-promscrape.config=${write(name, config)}`,
        "-remoteWrite.url=http://127.0.0.1:9",
      ];
      assert.match(await runProgram(binary, words), /all the configs are ok/);
    }
    const file = write("vmagent", together(files));
    await run({
      name: "vmagent",
      binary,
      as: withPort,
      words: (address) => [
        `-promscrape.config=${file}`,
        `-httpListenAddr=${address}`,
        `-remoteWrite.tmpDataPath=${join(folder.path, "vmagent-data")}`,
        "-remoteWrite.url=http://127.0.0.1:9/write",
        "-promscrape.httpSDCheckInterval=2s",
        "-loggerLevel=ERROR",
      ],
    });
  });

  test("and without the token there is nothing to read", async () => {
    assert.equal((await fetch(`${rollcall.url}/sd/pods`)).status, 401);
  });
});

const originalSchema = z.looseObject({
  scrape_configs: z.array(
    z.looseObject({ kubernetes_sd_configs: z.tuple([z.object({ role: z.string() })]) }),
  ),
});

const labels = z.record(z.string(), z.string());
const answer = z.object({
  data: z.object({ activeTargets: z.array(z.object({ labels, scrapePool: z.string() })) }),
});

type Labels = Readonly<Record<string, string>>;

/** The final labels of active targets by job, without `job` itself, which tells the variants apart. */
const activeBy = async (url: string, headers = {}): Promise<Map<string, Labels[]>> => {
  const response = await fetch(`${url}/api/v1/targets?state=active`, { headers });
  assert.equal(response.status, 200);
  const { activeTargets } = answer.parse(await response.json()).data;
  const byJob = Map.groupBy(activeTargets, ({ scrapePool }) => scrapePool);
  return new Map([...byJob].map(([job, all]) => [job, all.map(({ labels: { job: _, ...rest } }) => rest)]));
};

const textsOf = (all: readonly Labels[] = []): string[] =>
  all.map((one) => JSON.stringify(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

/** vmagent gives an address without a port the one of its scheme; Prometheus does so no more since 3.0. */
const withPort = ({ instance = "", ...rest }: Labels): Labels => ({
  ...rest,
  // A node's is its name, which discovery gave it.
  instance: /^[\d.]+$/.test(instance) ? `${instance}:80` : instance,
});

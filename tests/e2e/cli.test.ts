import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse, stringify } from "yaml";
import * as z from "zod";
import { type Demo, startDemo } from "../../local/demo/demo.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { freePort } from "./ports.ts";
import { type Program, repository, runProgram, startProgram } from "./process.ts";
import { runPrometheusOn } from "./prometheus.ts";

/** The real tool against the real program, and its scraper configurations against real scrapers. */
const folder = temporaryFolder("cli");
const bin = join(repository, "cli/bin.mjs");
let demo: Demo;
let up: Program;
let url = "";

const run = async (words: readonly string[], more: readonly string[] = ["--server", url]) => {
  const program = startProgram(process.execPath, [bin, ...words, ...more], folder.path);
  const code = await program.ended;
  return { code, text: program.output() };
};

/** A command that must end with 0; its JSON. */
const ask = async (words: readonly string[]): Promise<unknown> => {
  const { code, text } = await run([...words, "--output", "json"]);
  assert.equal(code, 0, text);
  return JSON.parse(text);
};

const found = z.object({ targets: z.array(z.object({ source: z.string(), state: z.string() })) });
const configuration = z.looseObject({ scrape_configs: z.array(z.looseObject({ job_name: z.string() })) });

/** The demo's own file for a real Prometheus: without what only Rollcall knows, and never scraping. */
const forPrometheus = (): string => {
  const file = configuration.parse(parse(readFileSync(demo.configFile, "utf8")));
  const jobs = file.scrape_configs.filter((job) => !("swarm_sd_configs" in job));
  return stringify({
    ...file,
    scrape_configs: jobs.map((job) => ({ ...job, proxy_url: "http://127.0.0.1:9" })),
  });
};

before(async () => {
  // No churn: both sides would have to be caught between two changes.
  demo = await startDemo({
    folder: join(folder.path, "demo"),
    random: Math.random,
    churnMilliseconds: 3_600_000,
  });
  const listen = `127.0.0.1:${await freePort()}`;
  const files = ["--config", demo.configFile, "--settings", demo.settingsFile];
  const data = join(folder.path, "data");
  up = startProgram(process.execPath, [bin, "up", ...files, "--listen", listen, "--data", data], folder.path);
  url = `http://${listen}`;
  await eventually("rollcall up is ready", 40, async () => {
    assert.equal(up.exit(), undefined, up.output());
    assert.equal((await fetch(`${url}/-/ready`)).status, 200, up.output());
  });
  await eventually("the first looks are served", 20, async () => {
    assert.equal((await fetch(`${url}/sd/demo-pods`)).status, 200);
  });
});

after(async () => {
  await up?.stop();
  await demo?.close();
  folder.remove();
});

describe("rollcall at the demo", () => {
  test("check finds the demo's configuration good", async () => {
    const { code, text } = await run(["check", demo.configFile, "--settings", demo.settingsFile], []);
    assert.equal(code, 0, text);
    assert.match(text, /good, 8 jobs/);
  });

  test("targets lists what is scraped, and what is dropped with its rule", async () => {
    const { targets } = found.parse(await ask(["targets", "--job", "demo-pods", "--state", "any"]));
    assert.deepEqual(new Set(targets.map(({ state }) => state)), new Set(["active", "dropped"]));
    const { text } = await run(["targets", "--job", "demo-pods", "--state", "dropped"]);
    assert.match(text, /demo-pods +dropped +127\.\S+ +\S/);
  });

  test("explain says why a pod is served, and that a pod which nobody knows is not", async () => {
    const { targets } = found.parse(await ask(["targets", "--job", "demo-pods"]));
    const { code, text } = await run(["explain", targets[0]?.source ?? "", "--job", "demo-pods"]);
    assert.equal(code, 0, text);
    assert.match(text, /^demo-pods: (served|partly)/);
    assert.equal((await run(["explain", "pod/shop/nobody"])).code, 1);
  });

  test("changes tells how the groups came", async () => {
    const answer = z.object({ changes: z.array(z.object({ change: z.string(), source: z.string() })) });
    const { changes } = answer.parse(await ask(["changes", "--job", "demo-nodes", "--since", "1h"]));
    assert.ok(changes.some(({ change, source }) => change === "added" && source.startsWith("node/")));
  });

  test("file-sd writes the list that the server has", async () => {
    const file = join(folder.path, "pods.json");
    const { code, text } = await run(["file-sd", "--once", "--job", "demo-pods", "--out", file]);
    assert.equal(code, 0, text);
    assert.deepEqual(
      JSON.parse(readFileSync(file, "utf8")),
      await (await fetch(`${url}/sd/demo-pods`)).json(),
    );
  });

  test("diff finds no loss in the same configuration, and the loss of a rule that drops", async () => {
    const words = (file: string) => ["diff", "--config", file, "--settings", demo.settingsFile];
    const same = await run(words(demo.configFile));
    assert.equal(same.code, 0, same.text);
    const file = join(dirname(demo.configFile), "proposed.yml");
    writeFileSync(
      file,
      readFileSync(demo.configFile, "utf8").replace("Pending|Succeeded", "Running|Succeeded"),
    );
    const other = await run(words(file));
    assert.equal(other.code, 1, other.text);
    assert.match(other.text, /^demo-pods +kept +[1-9]\d* +0 +0 +[1-9]\d* +0$/m);
  });
});

describe("the switch-over from a real Prometheus", () => {
  test("compare finds both alike, and names what a changed configuration makes different", async () => {
    const file = join(dirname(demo.configFile), "judge.yml");
    writeFileSync(file, forPrometheus());
    const jobs = ["nodes", "pods", "services", "endpoints", "endpointslices", "ingresses", "static"];
    const prometheus = await runPrometheusOn(file);
    try {
      const asked = jobs.flatMap((job) => ["--job", `demo-${job}`]);
      const words = ["compare", "--prometheus", prometheus.url, ...asked];
      const alike = await run([...words, "--wait", "20s"]);
      assert.equal(alike.code, 0, alike.text);
      assert.match(alike.text, /^demo-pods: equal, [1-9]\d* targets alike/m);
      const other = await run([
        "compare",
        "--prometheus",
        prometheus.url,
        "--job",
        "demo-swarm",
        "--wait",
        "0",
      ]);
      assert.equal(other.code, 1);
      assert.match(other.text, /only ours: /);
    } finally {
      await prometheus.stop();
    }
  });

  test("a real Prometheus runs the rewritten configuration and gets the same targets", async () => {
    const [file, next] = ["before.yml", "after.yml"].map((name) => join(dirname(demo.configFile), name));
    assert.ok(file !== undefined && next !== undefined);
    writeFileSync(file, forPrometheus());
    const { code, text } = await runApart(["scrape-config", "--config", file, "--server", url]);
    assert.equal(code, 0);
    assert.doesNotMatch(text, /kubernetes_sd_configs/);
    writeFileSync(next, text);
    const prometheus = await runPrometheusOn(next);
    try {
      const words = [
        "compare",
        "--prometheus",
        prometheus.url,
        "--job",
        "demo-pods",
        "--job",
        "demo-endpoints",
      ];
      const alike = await run([...words, "--wait", "20s"]);
      assert.equal(alike.code, 0, alike.text);
    } finally {
      await prometheus.stop();
    }
  });

  test("a real vmagent takes the rewritten configuration", async () => {
    const get = join(repository, "../shared/peers/get");
    const vmagent = join((await runProgram(get, ["victoria-metrics"])).trim(), "vmagent");
    const file = join(folder.path, "vmagent.yml");
    const words = ["scrape-config", "--for", "vmagent", "--config", demo.configFile, "--server", url];
    writeFileSync(file, (await runApart([...words, "--token-file", "/etc/token"])).text);
    const said = ["-dryRun", `-promscrape.config=${file}`, "-remoteWrite.url=http://127.0.0.1:9"];
    assert.match(await runProgram(vmagent, said), /all the configs are ok/);
  });
});

/** Standard output alone: what the tool says beside it is no part of the file. */
const runApart = async (words: readonly string[]) => {
  const quiet = ["-c", 'exec "$@" 2>/dev/null', "sh", process.execPath, bin, ...words];
  const program = startProgram("sh", quiet, folder.path);
  return { code: await program.ended, text: program.output() };
};

describe("the package", () => {
  test("installs without any other package, and runs the tool and the demo", {
    timeout: 60_000,
  }, async () => {
    const place = join(folder.path, "installed");
    mkdirSync(join(place, "none"), { recursive: true });
    await runProgram("npm", ["pack", "--silent", "--pack-destination", place]);
    const tarball = readdirSync(place).find((name) => name.endsWith(".tgz")) ?? "";
    // Nothing that the bundle should hold can be found beside it, and nothing is fetched.
    const names = z.record(z.string(), z.string()).default({});
    const manifest = z
      .object({ dependencies: names, optionalDependencies: names })
      .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));
    const others = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    const overrides = Object.fromEntries(others.map((name) => [name, "file:./none"]));
    writeFileSync(join(place, "none/package.json"), JSON.stringify({ name: "none", version: "0.0.0" }));
    writeFileSync(join(place, "package.json"), JSON.stringify({ private: true, overrides }));
    const words = [
      "install",
      "--prefix",
      place,
      "--offline",
      "--no-audit",
      "--no-fund",
      join(place, tarball),
    ];
    await runProgram("npm", words);
    const program = join(place, "node_modules/.bin/rollcall");
    assert.ok(existsSync(program));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));
    assert.equal(await runProgram(program, ["--version"]), `${version}\n`);
    const listen = `127.0.0.1:${await freePort()}`;
    const running = startProgram(program, ["up", "--listen", listen, "--data", join(place, "data")], place);
    try {
      await eventually("the installed demo is ready", 30, async () => {
        assert.equal(running.exit(), undefined, running.output());
        assert.equal((await fetch(`http://${listen}/-/ready`)).status, 200);
      });
      const listed = await runProgram(program, [
        "targets",
        "--job",
        "demo-nodes",
        "--server",
        `http://${listen}`,
      ]);
      assert.match(listed, /demo-nodes +active/);
      const page = await fetch(`http://${listen}/`, { headers: { accept: "text/html" } });
      assert.match(await page.text(), /^<!doctype html>/i);
    } finally {
      await running.stop();
    }
  });
});

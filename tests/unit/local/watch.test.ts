import assert from "node:assert/strict";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type WatchedFiles, watchFiles } from "../../../local/watch.ts";
import { eventually, temporaryFolder } from "./temporary.ts";

const job = (name: string) => `scrape_configs:\n- job_name: ${name}\n  static_configs: [{targets: [a]}]\n`;

/** A watch whose every look the test orders, and how often it called. */
const start = async (context: TestContext, files: WatchedFiles) => {
  let due: (() => void) | undefined;
  let calls = 0;
  const clock = {
    now: Date.now,
    after(milliseconds: number, run: () => void) {
      assert.equal(milliseconds, 1000);
      due = run;
      return () => {
        due = undefined;
      };
    },
  };
  const stop = await watchFiles({ files, clock, changed: () => (calls += 1) });
  context.after(stop);
  const look = async () => {
    const run = due;
    due = undefined;
    run?.();
    await eventually(() => due);
    return calls;
  };
  return { look };
};

const folderWith = (context: TestContext) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, "jobs"));
  const configFile = join(folder, "prometheus.yml");
  writeFileSync(configFile, `scrape_config_files: [jobs/*.yml]\n${job("main")}`);
  writeFileSync(join(folder, "jobs", "a.yml"), job("a"));
  return { folder, configFile };
};

test("watch: nothing changed, nothing is called", async (context) => {
  const { look } = await start(context, folderWith(context));
  assert.equal(await look(), 0);
  assert.equal(await look(), 0);
});

test("watch: another text of the configuration calls once", async (context) => {
  const { configFile } = folderWith(context);
  const { look } = await start(context, { configFile });
  writeFileSync(configFile, job("other"));
  assert.equal(await look(), 1);
  assert.equal(await look(), 1);
});

test("watch: touching a file without changing it calls nothing", async (context) => {
  const { configFile } = folderWith(context);
  const { look } = await start(context, { configFile });
  utimesSync(configFile, 1, 1);
  assert.equal(await look(), 0);
});

test("watch: an included file that changes, comes or goes calls", async (context) => {
  const { folder, configFile } = folderWith(context);
  const { look } = await start(context, { configFile });
  writeFileSync(join(folder, "jobs", "a.yml"), job("a2"));
  assert.equal(await look(), 1);
  writeFileSync(join(folder, "jobs", "b.yml"), job("b"));
  assert.equal(await look(), 2);
  rmSync(join(folder, "jobs", "b.yml"));
  assert.equal(await look(), 3);
});

test("watch: settings that come and change call", async (context) => {
  const { folder, configFile } = folderWith(context);
  const settingsFile = join(folder, "rollcall.yml");
  const { look } = await start(context, { configFile, settingsFile });
  writeFileSync(settingsFile, "clusters: []\n");
  assert.equal(await look(), 1);
  writeFileSync(settingsFile, "jobs: []\n");
  assert.equal(await look(), 2);
});

test("watch: a configuration that breaks and one that is mended both call", async (context) => {
  const { configFile } = folderWith(context);
  const { look } = await start(context, { configFile });
  writeFileSync(configFile, "scrape_configs: [\n");
  assert.equal(await look(), 1);
  writeFileSync(configFile, "scrape_configs: [[\n");
  assert.equal(await look(), 2);
  rmSync(configFile);
  assert.equal(await look(), 3);
  writeFileSync(configFile, job("mended"));
  assert.equal(await look(), 4);
});

test("watch: rules of an adapter that change call, also once they are broken", async (context) => {
  const { folder, configFile } = folderWith(context);
  const [settingsFile, rules] = [join(folder, "rollcall.yml"), join(folder, "adapter.yml")];
  writeFileSync(
    settingsFile,
    'adapters: [{cluster: a, host: a, rules_file: adapter.yml, prometheus: {url: "http://127.0.0.1:9"}}]',
  );
  writeFileSync(rules, "rules: []");
  const { look } = await start(context, { configFile, settingsFile });
  assert.equal(await look(), 0);
  writeFileSync(rules, "rules: nothing");
  assert.equal(await look(), 1);
  writeFileSync(rules, "externalRules: []");
  assert.equal(await look(), 2);
});

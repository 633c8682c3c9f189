import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { listening } from "../../fakes/listening.ts";
import { runLocal } from "./program.ts";
import { eventually, temporaryFolder } from "./temporary.ts";

const refusal = async (context: TestContext, args: readonly string[]) => {
  const { ended, output } = runLocal(context, args);
  return { status: await ended, output: output() };
};

test("main: an unknown flag ends with 2 and the usage", async (context) => {
  const { status, output } = await refusal(context, ["--lisen", "x"]);
  assert.equal(status, 2);
  assert.match(output, /--lisen.*Usage: npm start/s);
});

test("main: a listener that is not loopback ends with 2, and nothing is touched", async (context) => {
  const data = join(temporaryFolder(context), "data");
  const { status, output } = await refusal(context, ["--listen", "0.0.0.0:0", "--data", data]);
  assert.equal(status, 2);
  assert.equal(
    output,
    "--listen 0.0.0.0: without tokens only a loopback listener may answer (127.0.0.1, ::1 or localhost)\n",
  );
  assert.equal(existsSync(data), false);
});

test("main: nor does it listen there with settings that have no tokens", async (context) => {
  const folder = temporaryFolder(context);
  const [config, settings] = [join(folder, "prometheus.yml"), join(folder, "rollcall.yml")];
  writeFileSync(config, "");
  writeFileSync(settings, "tokens: []\n");
  const files = ["--config", config, "--settings", settings, "--data", join(folder, "data")];
  const { status, output } = await refusal(context, ["--listen", "0.0.0.0:0", ...files]);
  assert.equal(status, 2);
  assert.match(output, /^--listen 0\.0\.0\.0: without tokens/);
});

test("main: a broken configuration ends with 2 and its place, and nothing is touched", async (context) => {
  const folder = temporaryFolder(context);
  const config = join(folder, "prometheus.yml");
  const data = join(folder, "data");
  writeFileSync(config, "scrape_configs:\n- job_nam: a\n");
  const { status, output } = await refusal(context, [
    "--config",
    config,
    "--data",
    data,
    "--listen",
    "127.0.0.1:0",
  ]);
  assert.equal(status, 2);
  assert.match(output, /prometheus\.yml:2:\d+: .*job_nam/);
  assert.equal(existsSync(data), false);
});

test("main: an address that is taken ends with 1 and one line, and nothing is touched", async (context) => {
  const server = createServer();
  const port = await listening(server);
  context.after(() => server.close());
  const data = join(temporaryFolder(context), "data");
  const { status, output } = await refusal(context, ["--listen", `127.0.0.1:${port}`, "--data", data]);
  assert.equal(status, 1);
  assert.equal(output, `--listen 127.0.0.1:${port}: the address is taken, perhaps by another Rollcall\n`);
  assert.equal(existsSync(data), false);
});

const staticJob = (name: string, target: string) =>
  `scrape_configs:\n- job_name: ${name}\n  static_configs: [{targets: ["${target}"]}]\n`;

test("main: serves a file's targets, takes a change of the file, shares its folder with nobody, and ends well", async (context) => {
  const folder = temporaryFolder(context);
  const config = join(folder, "prometheus.yml");
  const data = join(folder, "data");
  writeFileSync(config, staticJob("shop/web", "127.0.0.1:1"));
  const args = ["--config", config, "--data", data, "--listen", "127.0.0.1:0"];
  const { child, ended, output } = runLocal(context, args);
  const url = await eventually(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0]);
  await eventually(() => (output().includes(`${url}/sd/shop%2Fweb\n`) ? true : undefined));
  const serves = (path: string, target: string) =>
    eventually(async () =>
      (await (await fetch(`${url}${path}`)).text()).includes(target) ? true : undefined,
    );
  await serves("/sd/shop%2Fweb", "127.0.0.1:1");
  await serves("/sd/shop/web", "127.0.0.1:1");
  const other = await refusal(context, args);
  assert.equal(other.status, 1);
  assert.equal(other.output, `another Rollcall is using ${data} (LevelDB lock)\n`);
  writeFileSync(config, staticJob("other", "127.0.0.1:2"));
  await serves("/sd/other", "127.0.0.1:2");
  const begun = Date.now();
  child.kill("SIGTERM");
  assert.equal(await ended, 0);
  assert.ok(Date.now() - begun < 5000);
});

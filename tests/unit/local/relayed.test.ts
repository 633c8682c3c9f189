import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import * as z from "zod";
import { runLocal } from "./program.ts";
import { eventually, temporaryFolder } from "./temporary.ts";

/** A configuration whose only provider is a file, which the local run follows by a relay. */
const world = (context: TestContext) => {
  const folder = temporaryFolder(context);
  const config = join(folder, "prometheus.yml");
  writeFileSync(config, "scrape_configs:\n- job_name: files\n  file_sd_configs: [{files: [targets.json]}]\n");
  const targets = (...addresses: string[]) => {
    writeFileSync(join(folder, "new"), JSON.stringify([{ targets: addresses }]));
    renameSync(join(folder, "new"), join(folder, "targets.json"));
  };
  const args = ["--config", config, "--data", join(folder, "data"), "--listen", "127.0.0.1:0"];
  const start = async () => {
    const program = runLocal(context, args);
    const url = await eventually(() => /http:\/\/127\.0\.0\.1:\d+/.exec(program.output())?.[0]);
    return { ...program, url };
  };
  return { targets, start };
};

const serves = (url: string, target: string) =>
  eventually(async () => {
    const answer = await fetch(`${url}/sd/files`);
    return (await answer.text()).includes(`"${target}"`) ? true : undefined;
  });

const providersSchema = z.object({
  data: z.object({ providers: z.array(z.object({ mechanism: z.string(), followedBy: z.string() })) }),
});

test("main: a relay shows a changed file, says so, and ends well with its lease given back", async (context) => {
  const { targets, start } = world(context);
  targets("127.0.0.1:1");
  const first = await start();
  await serves(first.url, "127.0.0.1:1");
  targets("127.0.0.1:2");
  await serves(first.url, "127.0.0.1:2");
  const answer = await fetch(`${first.url}/api/v1/providers`);
  const { data } = providersSchema.parse(await answer.json());
  assert.deepEqual(data.providers, [{ mechanism: "file", followedBy: "relay" }]);
  const begun = Date.now();
  first.child.kill("SIGTERM");
  assert.equal(await first.ended, 0);
  assert.ok(Date.now() - begun < 4000, `it took ${Date.now() - begun} ms`);
  assert.match(first.output(), /"message":"relay ended".*"end":"time"/);
  // What serve has no time for on a busy machine, such as to mark a reader, is not the relay's.
  assert.doesNotMatch(first.output(), /"level":"(ERROR|WARN)"[^\n]*"function":"relay"/);
});

test("main: a relay that was killed leaves a lease behind that keeps the next one from nothing", async (context) => {
  const { targets, start } = world(context);
  targets("127.0.0.1:1");
  const first = await start();
  await serves(first.url, "127.0.0.1:1");
  first.child.kill("SIGKILL");
  await first.ended;
  targets("127.0.0.1:2");
  const second = await start();
  // The dead one's lease runs for longer than `eventually` waits.
  await serves(second.url, "127.0.0.1:2");
  second.child.kill("SIGTERM");
  assert.equal(await second.ended, 0);
});

test("main: ends well when it is told to as soon as it says that it serves", async (context) => {
  const { targets, start } = world(context);
  targets("127.0.0.1:1");
  const { child, ended } = await start();
  const begun = Date.now();
  child.kill("SIGTERM");
  assert.equal(await ended, 0);
  assert.ok(Date.now() - begun < 4000, `it took ${Date.now() - begun} ms`);
});

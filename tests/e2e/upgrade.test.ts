import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "./folder.ts";
import { repository } from "./process.ts";
import { type Rollcall, ready, startRollcall, whileRunning } from "./rollcall.ts";

/**
 * Upgrade and rollback: the functions of the last release and those of this tree take turns at one table. What one has written the
 * other serves and changes. The release is had from the repository's own history, with this tree's packages.
 */
describe("the last release and this one on one table", () => {
  const folder = temporaryFolder("upgrade");
  const released = join(folder.path, "released");
  const config = join(folder.path, "prometheus.yml");
  let running: Rollcall | undefined;

  before(() => {
    const commit = readFileSync(join(repository, "docs/events/released/RELEASE"), "utf8").trim();
    mkdirSync(released);
    const source = execFileSync("git", ["archive", commit], {
      cwd: repository,
      maxBuffer: 256 * 1024 * 1024,
    });
    execFileSync("tar", ["-x", "-C", released], { input: source });
    symlinkSync(join(repository, "node_modules"), join(released, "node_modules"));
    mkdirSync(join(folder.path, "targets"));
    writeFileSync(
      config,
      "scrape_configs: [{job_name: a, file_sd_configs: [{files: ['targets/*.json']}]}]\n",
    );
  });
  after(async () => {
    await running?.stop();
    folder.remove();
  });

  const write = (addresses: readonly string[]) => {
    const groups = addresses.map((address) => ({ targets: [address], labels: { address } }));
    writeFileSync(join(folder.path, "targets/a.json"), JSON.stringify(groups));
  };
  const start = async (root: string) => {
    await running?.stop();
    running = await startRollcall({ config, data: join(folder.path, "data"), root });
    await ready(running);
    return running;
  };
  const serves = async (rollcall: Rollcall, addresses: readonly string[]) =>
    whileRunning(rollcall, { what: `${addresses} are served`, seconds: 30 }, async () => {
      const list = await rollcall.list("a");
      assert.deepEqual(list.flatMap(({ targets }) => targets).toSorted(), addresses);
    });

  const turns: readonly (readonly [string, string, readonly string[]])[] = [
    ["the release begins", released, ["10.0.0.1:1", "10.0.0.2:1"]],
    ["this one takes over, changes and removes", repository, ["10.0.0.1:1", "10.0.0.3:1"]],
    ["the release takes over again", released, ["10.0.0.3:1", "10.0.0.4:1", "10.0.0.5:1"]],
    ["and this one once more", repository, ["10.0.0.5:1"]],
  ];
  let left: readonly string[] = [];
  for (const [name, root, addresses] of turns) {
    test(`${name}: what was there is served, and a change passes`, async () => {
      if (left.length === 0) write(addresses);
      const rollcall = await start(root);
      if (left.length > 0) await serves(rollcall, left);
      write(addresses);
      await serves(rollcall, addresses);
      assert.deepEqual(
        (await rollcall.providers()).map(({ health }) => health),
        ["ok"],
      );
      assert.equal(await rollcall.metric("rollcall_dead_letters_total"), 0);
      left = addresses;
    });
  }
});

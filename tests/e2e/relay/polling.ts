import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type DemoSwarm, startDemoSwarm } from "../../../local/demo/swarm.ts";
import { listening } from "../../fakes/listening.ts";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { writeConfig } from "../local/cluster.ts";
import { type Rollcall, ready, startRollcall } from "../rollcall.ts";
import { shownAfter } from "./shown.ts";

/** What has no watch is asked as often as its block says, which the schedule of a minute could not. */
describe("what cannot be watched is polled at its own interval", () => {
  const folder = temporaryFolder("polling");
  const targetFile = join(folder.path, "targets", "one.json");
  let swarm: DemoSwarm;
  let web: Web;
  let rollcall: Rollcall;

  before(async () => {
    swarm = await startDemoSwarm();
    web = await startWeb();
    web.targets = ["127.0.0.1:1001"];
    mkdirSync(join(folder.path, "targets"));
    writeTargets(targetFile, "127.0.0.1:1002");
    const config = writeConfig(folder.path, [
      { job_name: "swarm", swarm_sd_configs: [{ masters: [swarm.url], refresh_interval: "1s" }] },
      { job_name: "http", http_sd_configs: [{ url: web.url, refresh_interval: "1s" }] },
      { job_name: "file", file_sd_configs: [{ files: ["targets/*.json"] }] },
      { job_name: "fixed", static_configs: [{ targets: ["127.0.0.1:1"] }] },
      { job_name: "slow", http_sd_configs: [{ url: web.url, refresh_interval: "1m" }] },
    ]);
    rollcall = await startRollcall({ config, data: join(folder.path, "data") });
    await ready(rollcall);
  });

  after(async () => {
    await rollcall.stop();
    await swarm.close();
    web.server.close();
    folder.remove();
  });

  test("by the relay, where the schedule is too slow for it", async () => {
    await eventually("every provider has its follower", 20, async () => {
      const followers = (await rollcall.providers()).map(({ jobs, followedBy }) => [jobs.join(), followedBy]);
      assert.deepEqual(Object.fromEntries(followers), {
        swarm: "relay",
        http: "relay",
        file: "relay",
        fixed: "schedule",
        slow: "schedule",
      });
    });
  });

  test("a Swarm's new node is a target within seconds", async (t) => {
    const [first] = swarm.nodes;
    assert.ok(first);
    swarm.nodes = [...swarm.nodes, { ...first, name: "late", id: "LATE", address: "127.40.0.99:2375" }];
    t.diagnostic(
      `${await shownAfter(rollcall, { job: "swarm", text: '"127.40.0.99:2375"', seconds: 15 })} ms`,
    );
  });

  test("an HTTP server's new target is one within seconds", async (t) => {
    web.targets = [...web.targets, "127.0.0.1:1003"];
    t.diagnostic(`${await shownAfter(rollcall, { job: "http", text: '"127.0.0.1:1003"', seconds: 15 })} ms`);
  });

  test("a file's change is seen at once, though it is read every five minutes only; so is a new file", async (t) => {
    writeTargets(targetFile, "127.0.0.1:1004");
    t.diagnostic(`${await shownAfter(rollcall, { job: "file", text: '"127.0.0.1:1004"', seconds: 15 })} ms`);
    assert.doesNotMatch(JSON.stringify(await rollcall.list("file")), /127\.0\.0\.1:1002/);
    writeTargets(join(folder.path, "targets", "two.json"), "127.0.0.1:1005");
    t.diagnostic(`${await shownAfter(rollcall, { job: "file", text: '"127.0.0.1:1005"', seconds: 15 })} ms`);
  });
});

interface Web {
  readonly server: Server;
  readonly url: string;
  targets: readonly string[];
}

const startWeb = async (): Promise<Web> => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify([{ targets: web.targets, labels: {} }]));
  });
  const web: Web = { server, url: `http://127.0.0.1:${await listening(server)}/targets`, targets: [] };
  return web;
};

/** As configuration management does: a reader never sees a half of it. */
const writeTargets = (file: string, target: string) => {
  writeFileSync(`${file}.new`, JSON.stringify([{ targets: [target] }]));
  renameSync(`${file}.new`, file);
};

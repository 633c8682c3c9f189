import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as z from "zod";
import { type ApiServer, startApiServer } from "../../../local/demo/apiserver.ts";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { repository, runProgram } from "../process.ts";
import { type Rollcall, ready, reload, startRollcall } from "../rollcall.ts";
import { jobOf, podOf, writeConfig, writeSettings } from "./cluster.ts";

describe("being killed and started again", () => {
  const folder = temporaryFolder("restart");
  let server: ApiServer;
  let running: Rollcall;
  const start = () => {
    const config = writeConfig(folder.path, [jobOf("pods", server)]);
    const settings = writeSettings(folder.path, server);
    return startRollcall({ config, settings, data: join(folder.path, "data") });
  };

  before(async () => {
    server = await startApiServer();
    for (let host = 1; host <= 50; host += 1) server.apply(podOf(`web-${host}`, `10.1.0.${host}`));
    running = await start();
    await ready(running);
  });
  after(async () => {
    await running.stop();
    await server.close();
    folder.remove();
  });

  test("the targets are served at once from the kept state, though the cluster does not answer", async () => {
    await eventually("all pods are served", 20, async () =>
      assert.equal((await running.list("pods")).length, 50),
    );
    const before = await running.list("pods");
    running.send("SIGKILL");
    assert.equal(await running.ended, "SIGKILL");
    server.faults.set({ fault: { kind: "status", code: 503 } });
    running = await start();
    // The first answer counts: a short or empty list would make every scraper drop its targets.
    const first = await eventually("the program answers", 40, async () => {
      const response = await fetch(`${running.url}/sd/pods`);
      assert.equal(response.status, 200);
      return response.json();
    });
    assert.deepEqual(first, before);
  });

  test("and looks go on where they ended", async () => {
    server.faults.clear();
    server.apply(podOf("late", "10.1.0.200"));
    assert.ok(server.remove("Pod", "shop", "web-1"));
    await eventually("the pods of now are served", 30, async () => {
      await reload(running);
      const targets = (await running.list("pods")).flatMap((group) => group.targets);
      assert.ok(
        targets.includes("10.1.0.200:8080") && !targets.includes("10.1.0.1:8080"),
        `${targets.length} targets`,
      );
    });
  });

  test("`rollcall rebuild` has everything announced and written anew, while the list is served on", async () => {
    const before = await groupsOf(running);
    const list = await running.list("pods");
    const words = ["rebuild", "--all", "--server", running.url, "--output", "json"];
    const told = await runProgram(process.execPath, [join(repository, "cli/rollcall.ts"), ...words]);
    const [ordered] = rebuilt.parse(JSON.parse(told)).providers;
    const least = ordered?.epoch ?? assert.fail("nothing is rebuilt");
    assert.ok(before.every(({ version }) => version.epoch < least));
    await eventually("every group is written anew", 30, async () => {
      assert.equal((await running.list("pods")).length, list.length);
      await reload(running);
      const now = await groupsOf(running);
      assert.deepEqual(
        now.map(({ source, hash }) => [source, hash]),
        before.map(({ source, hash }) => [source, hash]),
      );
      assert.ok(now.every(({ version }) => version.epoch >= least));
    });
    assert.deepEqual(await running.list("pods"), list);
  });
});

const groups = z.object({
  data: z.object({
    groups: z.array(
      z.object({ source: z.string(), hash: z.string(), version: z.object({ epoch: z.number() }) }),
    ),
  }),
});
const rebuilt = z.object({ providers: z.array(z.object({ epoch: z.number() })) });

const groupsOf = async ({ url }: Rollcall) => {
  const answer = await fetch(`${url}/api/v1/groups?job=pods`);
  return groups.parse(await answer.json()).data.groups.toSorted((a, b) => (a.source < b.source ? -1 : 1));
};

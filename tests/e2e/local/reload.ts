import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type ApiServer, startApiServer } from "../../../local/demo/apiserver.ts";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import type { DiscoveryJob } from "../prometheus.ts";
import { type Rollcall, ready, reload, startRollcall } from "../rollcall.ts";
import { jobOf, podOf, staticJob, writeConfig, writeSettings } from "./cluster.ts";

/** What the discovery manager's table says of a reload (spec §1.3); no look is due meanwhile, so nothing hides behind one. */
describe("reloading", () => {
  const folder = temporaryFolder("reload");
  const selected = { selectors: [{ role: "pod", field: "metadata.name=web-1" }] };
  let server: ApiServer;
  let rollcall: Rollcall;
  const configure = (...jobs: readonly DiscoveryJob[]) => writeConfig(folder.path, jobs);
  const lists = () => server.requests.count("list");
  const fixed = staticJob("fixed", "127.0.0.1:1");

  before(async () => {
    server = await startApiServer();
    server.apply(podOf("web-1", "10.1.0.1"));
    server.apply(podOf("web-2", "10.1.0.2"));
    const config = configure(jobOf("pods", server), jobOf("one", server, selected), fixed);
    const settings = writeSettings(folder.path, server, "1m");
    rollcall = await startRollcall({ config, settings, data: join(folder.path, "data") });
    await ready(rollcall);
    await eventually("the pods are served", 20, async () =>
      assert.equal((await rollcall.list("pods")).length, 2),
    );
  });
  after(async () => {
    await rollcall.stop();
    await server.close();
    folder.remove();
  });

  test("a renamed job keeps its groups at once, and no provider is touched", async () => {
    const before = {
      groups: await rollcall.list("pods"),
      reports: await rollcall.providers(),
      lists: lists(),
    };
    configure(jobOf("renamed", server), jobOf("one", server, selected), fixed);
    assert.deepEqual(await reload(rollcall), { status: 200, text: "" });
    assert.deepEqual(await rollcall.list("renamed"), before.groups);
    await assert.rejects(rollcall.list("pods"), /404/);
    assert.equal(lists(), before.lists);
    const attempts = (reports: typeof before.reports) =>
      reports.map((one) => [one.provider, one.lastAttempt]);
    assert.deepEqual(attempts(await rollcall.providers()), attempts(before.reports));
  });

  test("a further job with an equal configuration shares the provider and its groups", async () => {
    const before = lists();
    configure(jobOf("renamed", server), jobOf("twin", server), jobOf("one", server, selected), fixed);
    await reload(rollcall);
    assert.deepEqual(await rollcall.list("twin"), await rollcall.list("renamed"));
    const sharing = (await rollcall.providers()).filter((one) => one.jobs.includes("twin"));
    assert.deepEqual(
      sharing.map(({ jobs }) => jobs),
      [["renamed", "twin"]],
    );
    assert.equal(lists(), before);
  });

  test("a changed file is noticed without being told", async () => {
    configure(jobOf("renamed", server), jobOf("by-file", server), jobOf("one", server, selected), fixed);
    await eventually("the new job is served", 15, async () =>
      assert.equal((await rollcall.list("by-file")).length, 2),
    );
    await assert.rejects(rollcall.list("twin"), /404/);
  });

  test("SIGHUP reloads", async () => {
    // Of one length and of one time long gone: to whoever watches the file, the second is the first.
    const rewrite = (name: string) =>
      utimesSync(
        configure(jobOf("renamed", server), jobOf(name, server), jobOf("one", server, selected), fixed),
        1,
        1,
      );
    const served = (name: string) =>
      eventually(`job ${name} is served`, 15, async () =>
        assert.equal((await rollcall.list(name)).length, 2),
      );
    rewrite("by-a-watch");
    await served("by-a-watch");
    rewrite("by-signals");
    rollcall.send("SIGHUP");
    await served("by-signals");
  });

  test("a broken file changes nothing, and the answer says why", async () => {
    const before = await rollcall.list("renamed");
    writeFileSync(
      join(folder.path, "prometheus.yml"),
      "scrape_configs:\n- job_name: a\n  scrape_interval: often\n",
    );
    const { status, text } = await reload(rollcall);
    assert.equal(status, 500);
    assert.match(text, /prometheus\.yml:3:\d+: .*often/);
    assert.deepEqual(await rollcall.list("renamed"), before);
    await assert.rejects(rollcall.list("a"), /404/);
  });

  test("the groups of a provider that no job uses leave the pool", async () => {
    configure(jobOf("renamed", server), fixed);
    assert.equal((await reload(rollcall)).status, 200);
    await assert.rejects(rollcall.list("one"), /404/);
    const providers = (await rollcall.providers()).flatMap(({ jobs }) => jobs);
    assert.deepEqual(providers.sort(), ["fixed", "renamed"]);
    assert.equal((await rollcall.list("renamed")).length, 2);
    // When it is used again, and the cluster does not answer, there is nothing old to show.
    server.faults.set({ fault: { kind: "status", code: 503 } });
    configure(jobOf("renamed", server), jobOf("one", server, selected), fixed);
    await eventually("the provider was looked at anew", 30, async () => {
      await reload(rollcall);
      const report = (await rollcall.providers()).find(({ jobs }) => jobs.includes("one"));
      assert.match(report?.lastError ?? "", /503/);
      assert.equal(report?.lastSuccess, null);
    });
    await assert.rejects(rollcall.list("one"), /503.*no look has succeeded yet/);
    assert.equal((await rollcall.list("renamed")).length, 2);
  });
});

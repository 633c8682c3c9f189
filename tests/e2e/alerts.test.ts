import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as z from "zod";
import { type ApiServer, startApiServer } from "../../local/demo/apiserver.ts";
import { rulesFile, startWatcher } from "./alerts/watcher.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { jobOf, podOf, staticJob, writeConfig } from "./local/cluster.ts";
import { freePort } from "./ports.ts";
import { repository, runProgram } from "./process.ts";
import { type Rollcall, ready, reload, startRollcall } from "./rollcall.ts";

const dashboard = z
  .object({
    panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
  })
  .parse(JSON.parse(readFileSync(join(repository, "docs/prometheus/dashboard.json"), "utf8")));

/** As Grafana fills in the dashboard's variables. */
const filledIn = (expression: string) =>
  expression.replaceAll("$cluster", ".*").replaceAll("$__rate_interval", "30s");

/**
 * The alert rules and the dashboard on a real Prometheus that scrapes a real Rollcall, in staged situations: a provider
 * that fails from the start, a list that vanishes, a broken configuration, a Rollcall that is gone. Later tests stand on earlier ones.
 */
describe("what people who run Prometheus get", () => {
  const folder = temporaryFolder("alerts");
  const many = join(folder.path, "many.json");
  let server: ApiServer;
  let rollcall: Rollcall;
  let watcher: Awaited<ReturnType<typeof startWatcher>>;
  let config: string;

  const listed = (count: number) =>
    JSON.stringify(Array.from({ length: count }, (_, at) => ({ targets: [`127.0.0.1:${at + 1}`] })));
  const fires = (name: string, check: (labels: Readonly<Record<string, string>>) => void = () => {}) =>
    eventually(`${name} fires`, 40, async () => {
      const alert = (await watcher.firing()).get(name);
      assert.ok(alert, `of ${[...(await watcher.firing()).keys()].join()}`);
      check(alert.labels);
    });

  before(async () => {
    server = await startApiServer();
    for (let host = 1; host <= 20; host += 1) server.apply(podOf(`web-${host}`, `10.1.0.${host}`));
    writeFileSync(many, listed(40));
    mkdirSync(join(folder.path, "data"));
    const away = `http://127.0.0.1:${await freePort()}/`;
    config = writeConfig(folder.path, [
      jobOf("pods", server),
      staticJob("fixed", "127.0.0.1:1"),
      { job_name: "many", file_sd_configs: [{ files: [many], refresh_interval: "5m" }] },
      { job_name: "away", http_sd_configs: [{ url: away, refresh_interval: "2s" }] },
    ]);
    rollcall = await startRollcall({ config, data: join(folder.path, "data") });
    await ready(rollcall);
    watcher = await startWatcher(rollcall.port);
  });
  after(async () => {
    await watcher?.stop();
    await rollcall?.stop();
    await server?.close();
    folder.remove();
  });

  test("every rule is taken and evaluated, and only what is wrong fires", async () => {
    await fires("RollcallProviderFailing", ({ mechanism, health }) =>
      assert.deepEqual([mechanism, health], ["http", "failing"]),
    );
    await eventually("every rule was evaluated", 20, async () => {
      const rules = await watcher.rules();
      assert.ok(rules.length >= 10);
      assert.deepEqual(
        rules.filter(({ health, lastError }) => health !== "ok" || (lastError ?? "") !== ""),
        [],
      );
    });
    await eventually("nothing else fires", 20, async () =>
      assert.deepEqual([...(await watcher.firing()).keys()], ["RollcallProviderFailing"]),
    );
  });

  test("every expression of the dashboard has finite values", async () => {
    let turn = 0;
    for (const { title, targets } of dashboard.panels) {
      for (const { expr } of targets) {
        await eventually(`${title} has values`, 60, async () => {
          turn += 1;
          server.apply(podOf("web-1", `10.1.1.${turn % 250}`));
          const values = (await watcher.query(filledIn(expr))).map(({ value }) => value);
          assert.ok(values.some(Number.isFinite), `${expr}: ${JSON.stringify(values)}`);
        });
      }
    }
  });

  test("its figures are those that Rollcall tells elsewhere", async () => {
    const expressionOf = (title: string) =>
      filledIn(dashboard.panels.find((panel) => panel.title === title)?.targets[0]?.expr ?? "");
    await eventually("the figures agree", 20, async () => {
      const providers = await rollcall.providers();
      const [targets] = await watcher.query(expressionOf("Targets"));
      assert.equal(
        targets?.value,
        providers.reduce((sum, one) => sum + one.targets, 0),
      );
      assert.equal(targets?.value, 61);
      const healths = await watcher.query(expressionOf("Providers"));
      const told = Object.fromEntries(healths.map(({ metric, value }) => [metric.health, value]));
      assert.deepEqual(told, { ok: 3, failing: 1, stale: 0, never: 0 });
      const jobs = await watcher.query(expressionOf("Targets by job"));
      assert.deepEqual(Object.fromEntries(jobs.map(({ metric, value }) => [metric.config, value])), {
        pods: 20,
        fixed: 1,
        many: 40,
        away: 0,
      });
      const unwell = await watcher.query(expressionOf("Providers that are not well"));
      assert.deepEqual(
        unwell.map(({ metric }) => metric.health),
        ["failing"],
      );
    });
  });

  test("a list that vanishes is told", async () => {
    writeFileSync(many, listed(1));
    await fires("RollcallGuardHolding", ({ mechanism }) => assert.equal(mechanism, "file"));
    assert.equal((await rollcall.list("many")).flatMap(({ targets }) => targets).length, 40);
    assert.match(
      (await watcher.firing()).get("RollcallGuardHolding")?.annotations.summary ?? "",
      /of 39 targets/,
    );
  });

  test("a broken configuration is told, and that it is mended", async () => {
    const good = readFileSync(config, "utf8");
    writeFileSync(config, "scrape_configs: [");
    assert.equal((await reload(rollcall)).status, 500);
    await fires("RollcallConfigurationRefused");
    writeFileSync(config, good);
    assert.equal((await reload(rollcall)).status, 200);
    await eventually("the alert is over", 20, async () =>
      assert.equal((await watcher.firing()).has("RollcallConfigurationRefused"), false),
    );
  });

  test("a Rollcall that is gone is told", async () => {
    await rollcall.stop();
    await eventually("only that fires", 40, async () =>
      assert.deepEqual([...(await watcher.firing()).keys()], ["RollcallAbsent"]),
    );
  });

  test("promtool sees each alert fire when it should, and not before", async () => {
    const place = join(folder.path, "promtool");
    mkdirSync(place);
    copyFileSync(rulesFile, join(place, "alerts.yml"));
    copyFileSync(join(repository, "tests/e2e/alerts/alerts.test.yml"), join(place, "alerts.test.yml"));
    const said = await runProgram("promtool", ["test", "rules", join(place, "alerts.test.yml")]);
    assert.match(said, /SUCCESS/);
  });
});

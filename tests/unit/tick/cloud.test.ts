import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createPlanReader } from "../../../lib/discovery/current.ts";
import { configurationFaults } from "../../../lib/tick/faults.ts";
import { good, main, start } from "./cloudworld.ts";

describe("a configuration in S3", () => {
  test("is accepted with what it includes, and read again by one request an object", async () => {
    const { put, accept, accepted, asked } = await start();
    put("jobs/b.yml", "scrape_configs: [{job_name: b}]");
    assert.deepEqual(await accept(), { outcome: "accepted" });
    const plan = await createPlanReader(accepted)();
    assert.deepEqual(
      plan?.configuration.jobs.map(({ name }) => name),
      ["a", "b"],
    );
    assert.equal(plan?.settings.guard.minRemoved, 20);
    asked.length = 0;
    assert.deepEqual(await accept(), { outcome: "unchanged" });
    assert.deepEqual(asked.toSorted(), [
      "GET /conf/ 200",
      "GET /conf/prod/jobs/b.yml 304",
      "GET /conf/prod/prometheus.yml 304",
      "GET /conf/prod/rollcall.yml 304",
    ]);
    put("rollcall.yml", "guard: {min_removed: 30}");
    assert.deepEqual(await accept(), { outcome: "accepted" });
  });

  test("keeps secrets as references in what is accepted", async () => {
    const { accept, accepted } = await start();
    await accept();
    assert.match((await accepted.current())?.document.main.text ?? "", /\$\{ssm:\/sd\}/);
  });

  const broken: [what: string, key: string, text: string, reason: RegExp][] = [
    ["broken YAML", "prometheus.yml", "scrape_configs: [", /prod\/prometheus\.yml:1:/],
    ["an unknown key", "prometheus.yml", main("colour: green"), /field colour not found/],
    ["a broken job file", "jobs/b.yml", "scrape_configs: {}", /prod\/jobs\/b\.yml:1:/],
    ["broken settings", "rollcall.yml", "guards: {}", /prod\/rollcall\.yml:1:/],
    [
      "a literal secret",
      "prometheus.yml",
      good.replace("${ssm:/sd}", "hunter2"),
      /:4:\d+: bearer_token: a literal secret/,
    ],
    [
      "a literal secret in a job file",
      "jobs/b.yml",
      "scrape_configs: [{job_name: b, bearer_token: hunter2}]",
      /b\.yml:1:\d+: bearer_token/,
    ],
    [
      "a file outside",
      "prometheus.yml",
      main("http_sd_configs: [{url: 'https://sd.example/', bearer_token_file: ../token}]"),
      /job "a": "s3:\/\/conf\/token" is outside "s3:\/\/conf\/prod"/,
    ],
    [
      "a file of the machine",
      "prometheus.yml",
      main("file_sd_configs: [{files: [/etc/x.json]}]"),
      /job "a": "\/etc\/x\.json" is outside/,
    ],
    [
      "a kubeconfig of another bucket",
      "rollcall.yml",
      "clusters: [{name: c, kubeconfig_file: 's3://other/k'}]",
      /cluster "c": "s3:\/\/other\/k" is outside/,
    ],
    ["inclusions outside", "prometheus.yml", "scrape_config_files: ['../*.yml']", /"s3:\/\/conf" is outside/],
  ];
  for (const [what, key, text, reason] of broken) {
    test(`never gives way to ${what}`, async () => {
      const { put, accept, accepted } = await start();
      await accept();
      const before = (await accepted.current())?.hash;
      put(key, text);
      const acceptance = await accept();
      assert.equal(acceptance.outcome, "kept");
      assert.ok(acceptance.outcome === "kept" && acceptance.fault === "refused", JSON.stringify(acceptance));
      assert.match(acceptance.reason, reason);
      assert.doesNotMatch(acceptance.reason, /hunter2/);
      assert.equal((await accepted.current())?.hash, before);
      assert.deepEqual(configurationFaults(acceptance, [], []), { refused: true, missing: false });
    });
  }

  test("goes on when its object, or the leave to read it, is gone, and says what is missing", async () => {
    const { objects, forbidden, accept, accepted } = await start();
    await accept();
    forbidden.add("conf/prod/rollcall.yml");
    const denied = await accept();
    assert.ok(denied.outcome === "kept" && denied.fault === "missing");
    assert.match(denied.reason, /s3:\/\/conf\/prod\/rollcall\.yml is named .*: not allowed/);
    forbidden.clear();
    objects.delete("conf/prod/prometheus.yml");
    const gone = await accept();
    assert.ok(gone.outcome === "kept" && gone.fault === "missing");
    assert.match(
      gone.reason,
      /s3:\/\/conf\/prod\/prometheus\.yml is named .*: The specified key does not exist\.$/,
    );
    assert.equal(gone.reason.split("is named by the configuration").length, 2);
    assert.deepEqual(configurationFaults(gone, [], []), { refused: false, missing: true });
    assert.ok(await accepted.current());
  });

  test("of more files than a configuration has is refused", async () => {
    const { put, accept } = await start();
    for (let at = 0; at < 1000; at++) put(`jobs/${at}.yml`, "scrape_configs: []");
    const acceptance = await accept();
    assert.ok(acceptance.outcome === "kept");
    assert.match(acceptance.reason, /a configuration of more than 1000 files/);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AcceptedConfigurations, createMemoryAccepted } from "../../../lib/config/accepted.ts";
import { createCloudCredentials } from "../../../lib/credential/cloud.ts";
import { createPlanReader } from "../../../lib/discovery/current.ts";
import { confined } from "../../../lib/files/confined.ts";
import { createS3Files } from "../../../lib/files/s3.ts";
import { createLog } from "../../../lib/log.ts";
import { acceptConfiguration } from "../../../lib/tick/accept.ts";
import { configurationFaults } from "../../../lib/tick/faults.ts";
import { gather } from "../../../lib/tick/gather.ts";
import { provider, status } from "../../fakes/providers.ts";
import { startS3 } from "../../fakes/s3.ts";

const main = (block: string) =>
  `scrape_config_files: [jobs/*.yml]\nscrape_configs:\n- job_name: a\n  ${block}\n`;
const good = main("http_sd_configs: [{url: 'https://sd.example/', bearer_token: '${ssm:/sd}'}]");

const stored = new Map<string, string>();
/** As the store says it of one that is not there. */
const store = async (id: string) => stored.get(id) ?? Promise.reject(new Error("ParameterNotFound"));

const start = async () => {
  const time = { now: 0 };
  stored.clear();
  const { client, objects, asked, forbidden } = await startS3();
  const put = (key: string, text: string) => void objects.set(`conf/prod/${key}`, text);
  put("prometheus.yml", good);
  put("rollcall.yml", "guard: {min_removed: 20}");
  const files = {
    configFile: "s3://conf/prod/prometheus.yml",
    settingsFile: "s3://conf/prod/rollcall.yml",
    inCluster: false,
  };
  const place = confined(createS3Files(client), ["s3://conf/prod"]);
  const accepted: AcceptedConfigurations = createMemoryAccepted(() => 0);
  const lines: string[] = [];
  const log = createLog({ level: "error", write: (line) => lines.push(line) });
  const credentials = createCloudCredentials({
    ...{ files: place, stores: { ssm: store, secretsmanager: store }, clock: () => time.now },
  })();
  const accept = () =>
    acceptConfiguration({
      gather: (before) => gather(files, before, { files: place, credentials }),
      accepted,
      log,
    });
  return { put, objects, asked, forbidden, accepted, accept, time, lines };
};

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

describe("settings that are kept elsewhere", () => {
  const settings = `clusters:
- name: \${ssm:/name}
  api_server: "https://\${secretsmanager:prod#host}:6443"
  authorization: { credentials: "\${ssm:/token}" }
guard: { min_removed: "\${ssm:/min}" }
metrics:
  sources: ["kubernetes.summary_api:"]
  sinks: ["influxdb:http://influx:8086?pw=\${ssm:/pw}&db=\${ssm:/db}"]
`;
  const good = () => {
    for (const [id, value] of Object.entries({
      ...{ "/name": "prod-eu\n", prod: JSON.stringify({ host: "api.example" }), "/min": "20" },
      "/db": "a&pw=b",
    }))
      stored.set(id, value);
  };

  test("are had when the configuration is accepted, whatever their type; credentials stay as they are written", async () => {
    const { put, accept, accepted } = await start();
    good();
    put("rollcall.yml", settings);
    assert.deepEqual(await accept(), { outcome: "accepted" });
    const { clusters, guard, metrics } = (await createPlanReader(accepted)())?.settings ?? assert.fail();
    const [cluster] = clusters;
    assert.equal(cluster?.name, "prod-eu");
    assert.ok(cluster.access.kind === "api-server");
    assert.equal(cluster.access.url, "https://api.example:6443");
    assert.equal(cluster.access.httpClient.authorization?.credentials?.reveal(), "${ssm:/token}");
    assert.equal(guard.minRemoved, 20);
    const [sink] = metrics?.sinks ?? [];
    assert.ok(sink?.kind === "influxdb");
    assert.equal(sink.database, "a&pw=b");
    assert.equal(sink.password.reveal(), "${ssm:/pw}");
    const { document } = (await accepted.current()) ?? assert.fail();
    assert.equal(document.settings?.text, settings);
    assert.deepEqual(Object.keys(document.values ?? {}).sort(), [
      ...["${secretsmanager:prod#host}", "${ssm:/db}", "${ssm:/min}", "${ssm:/name}"],
    ]);
  });

  test("are remembered for five minutes, then had anew, and another value is another configuration", async () => {
    const { put, accept, accepted, time } = await start();
    good();
    put("rollcall.yml", settings);
    await accept();
    stored.set("/min", "30");
    time.now = 4 * 60_000;
    assert.deepEqual(await accept(), { outcome: "unchanged" });
    time.now = 6 * 60_000;
    assert.deepEqual(await accept(), { outcome: "accepted" });
    assert.equal((await createPlanReader(accepted)())?.settings.guard.minRemoved, 30);
  });

  test("that are not there are named with their places, and the last good configuration goes on", async () => {
    const { put, accept, accepted } = await start();
    await accept();
    const before = (await accepted.current())?.hash;
    good();
    stored.delete("/min");
    put("rollcall.yml", settings);
    const missing = await accept();
    assert.ok(missing.outcome === "kept" && missing.fault === "missing");
    assert.match(
      missing.reason,
      /rollcall\.yml:5:\d+: min_removed: \$\{ssm:\/min\} is named by the configuration and cannot be read: ParameterNotFound/,
    );
    assert.deepEqual(configurationFaults(missing, [], []), { refused: false, missing: true });
    assert.equal((await accepted.current())?.hash, before);
  });

  const refused: [what: string, id: string, value: string, reason: RegExp][] = [
    [
      "of the wrong type",
      "/min",
      "hunter2-hunter2",
      /rollcall\.yml:5:\d+: line 5: cannot unmarshal .* into /,
    ],
    [
      "that lead to others",
      "/name",
      "${ssm:/token}",
      /rollcall\.yml:2:\d+: name: .* may not have a reference in it/,
    ],
    [
      "with a password",
      "prod",
      '{"host": "me:hunter2-hunter2@api"}',
      /:3:\d+: api_server: a password in a URL/,
    ],
  ];
  for (const [what, id, value, reason] of refused) {
    test(`${what} are refused with their place, and not shown`, async () => {
      const { put, accept, lines } = await start();
      await accept();
      good();
      stored.set(id, value);
      put("rollcall.yml", settings);
      const acceptance = await accept();
      assert.ok(acceptance.outcome === "kept" && acceptance.fault === "refused", JSON.stringify(acceptance));
      assert.match(acceptance.reason, reason);
      assert.doesNotMatch(`${acceptance.reason}${lines.join("")}`, /hunter2/);
    });
  }
});

test("a secret that a provider's last look could not have shows as missing, until the provider is gone", () => {
  const one = provider({ id: "http/1" });
  const lacking = status({
    provider: "http/1",
    lastError: "x: ${ssm:/sd} is named by the configuration and cannot be read: no",
  });
  const unchanged = { outcome: "unchanged" } as const;
  assert.deepEqual(configurationFaults(unchanged, [one], [lacking]), { refused: false, missing: true });
  assert.deepEqual(configurationFaults(unchanged, [], [lacking]), { refused: false, missing: false });
  const failing = status({ provider: "http/1", lastError: "connection refused" });
  assert.deepEqual(configurationFaults(unchanged, [one], [failing]), { refused: false, missing: false });
});

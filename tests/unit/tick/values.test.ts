import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createPlanReader } from "../../../lib/discovery/current.ts";
import { configurationFaults } from "../../../lib/tick/faults.ts";
import { start, stored } from "./cloudworld.ts";

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

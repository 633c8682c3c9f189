import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { billOf } from "../../../cli/cost/bill.ts";
import { priceList } from "../../../cli/cost/prices.ts";
import { relayTargets } from "../../../cli/cost/rates.ts";
import { gigabytes, unitsOf, watched } from "../../../cli/cost/units.ts";
import { door, leastShards, type Workload } from "../../../cli/cost/workload.ts";
import { meterUnits } from "../../../lib/meter.ts";
import { rollcall } from "./run.ts";

const small: Workload = {
  clusters: 2,
  pods: 100,
  targetsPerPod: 2,
  churn: 1,
  scrapers: 1,
  shards: 1,
  interval: 60,
  relabel: false,
  follow: "schedule",
  every: 60,
  history: 7,
};

const unitsFor = (changed: Partial<Workload>, service: string, item: string, seconds?: number) =>
  unitsOf({ ...small, ...changed }, seconds)
    .filter((line) => line.service === service && line.item === item)
    .reduce((sum, { units }) => sum + units, 0);

describe("rollcall cost", () => {
  test("prints what each service is used for, the dearest first, and the sum", async () => {
    const { out, err, code } = await rollcall(["cost", "--clusters", "3", "--pods", "50"]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^SERVICE +FOR +UNITS +OF +USD\n/);
    assert.match(out, /\nEventBridge +changed groups +65\.70 k +events +0\.07\n/);
    assert.match(out, /\n\d+\.\d\d USD a month: /);
  });

  test("tells the same as JSON, with the prices' region and date", async () => {
    const { out } = await rollcall(["cost", "--clusters", "3", "--pods", "50", "--output", "json"]);
    const { workload, prices, lines, services, usd } = JSON.parse(out);
    assert.deepEqual([workload.clusters, workload.pods, prices.region], [3, 50, "us-east-1"]);
    const sum = (all: { usd: number }[]) => all.reduce((total, one) => total + one.usd, 0);
    assert.ok(Math.abs(sum(lines) - usd) < 1e-9 && Math.abs(sum(services) - usd) < 1e-9);
    const order = services.map((one: { usd: number }) => one.usd);
    assert.deepEqual(
      order,
      order.toSorted((a: number, b: number) => b - a),
    );
  });

  test("ends with 1 and says how many shards are enough when the list would be refused", async () => {
    const words = ["cost", "--clusters", "100", "--pods", "1000"];
    const refused = await rollcall(words);
    assert.equal(refused.code, 1);
    const [, least = ""] = /a list of 333 MB .* --shards (\d+), or --relabel\n/.exec(refused.err) ?? [];
    assert.equal((await rollcall([...words, "--shards", least])).code, 0);
    assert.equal((await rollcall([...words, "--shards", String(Number(least) - 1)])).code, 1);
  });

  const wrong: [words: string[], told: RegExp][] = [
    [[], /cost needs --clusters NUMBER/],
    [["--clusters", "1"], /cost needs --pods NUMBER/],
    [["--clusters", "0", "--pods", "1"], /--clusters 0: expected a whole number from 1 to 999999/],
    [["--clusters", "1", "--pods", "1", "--churn", "-1"], /--churn/],
    [["--clusters", "1", "--pods", "1", "--churn", "2000"], /--churn 2000: expected per cent a minute/],
    [["--clusters", "1", "--pods", "1", "--interval", "soon"], /--interval soon: expected a duration/],
    [["--clusters", "1", "--pods", "1", "--interval", "0"], /expected 1s or more/],
    [["--clusters", "1", "--pods", "1", "--follow", "both"], /--follow both: expected/],
  ];
  for (const [words, told] of wrong) {
    test(`refuses ${words.join(" ") || "no words"}`, async () => {
      const { code, err } = await rollcall(["cost", ...words]);
      assert.equal(code, 2);
      assert.match(err, told);
    });
  }
});

describe("the model of what is used", () => {
  test("goes by what a deployment has unless it chooses otherwise", () => {
    const read = (name: string) => readFileSync(new URL(`../../../infra/${name}`, import.meta.url), "utf8");
    const {
      memory,
      clusterMemory,
      relayTargets: shared,
      doorBytesPerSecond,
      batchingWindow,
    } = parse(read("parameters.yml")).default;
    assert.deepEqual([memory, clusterMemory], [gigabytes * 1024, gigabytes * 1024]);
    assert.deepEqual([shared, doorBytesPerSecond, batchingWindow], [relayTargets, door.speed, 0]);
    assert.equal(read("alarms.yml").match(/Type: AWS::CloudWatch::Alarm/g)?.length, watched.alarms);
    assert.equal(Object.keys(meterUnits).length, watched.metrics);
  });

  test("counts an event for each change, and no order but those of the schedule", () => {
    // 2 clusters × 100 pods × 1 % a minute, for an hour.
    assert.equal(unitsFor({}, "EventBridge", "changed groups", 3600), 120);
    assert.equal(unitsFor({}, "EventBridge", "orders", 3600), 120);
    assert.equal(Math.round(unitsFor({ follow: "relay" }, "EventBridge", "orders", 3600)), 4);
  });

  test("lets small clusters share a relay, and gives a large one its own", () => {
    const relaySeconds = (pods: number) =>
      unitsFor({ follow: "relay", clusters: 20, pods }, "Lambda", "relay", 1000);
    assert.equal(Math.round(relaySeconds(100)), 1000);
    assert.equal(Math.round(relaySeconds(5_000)), 10_000);
    assert.equal(Math.round(relaySeconds(50_000)), 20_000);
  });

  test("writes nothing of changes when nothing changes, and no history when none is kept", () => {
    assert.equal(unitsFor({ churn: 0 }, "DynamoDB", "pool"), 0);
    assert.equal(unitsFor({ history: 0 }, "DynamoDB", "history"), 0);
    assert.ok(unitsFor({}, "DynamoDB", "history") > 0);
  });

  test("has the same bytes for shards as for the whole, and fewer for final targets", () => {
    const bytes = (changed: Partial<Workload>) => unitsFor(changed, "Transfer", "lists");
    assert.equal(bytes({ shards: 4 }), bytes({}));
    assert.ok(bytes({ relabel: true }) < bytes({}) / 4);
    assert.equal(leastShards(small), 1);
  });

  test("prices each unit by the list", () => {
    const line = { service: "a", item: "b", unit: "events", units: 3e6 } as const;
    assert.equal(billOf([line]).usd, 3);
    for (const { source, usd } of Object.values(priceList.prices))
      assert.ok(source.startsWith("https://") && usd > 0);
  });
});

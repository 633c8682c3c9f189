import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, test } from "node:test";
import { meterUnits } from "../../../lib/meter.ts";
import { printTemplate } from "../../../local/template/print.ts";
import type { Printed } from "../../../local/template/printed.ts";
import { alarmFindings } from "../../template-rules/alarms.ts";
import { textsIn } from "../../template-rules/resources.ts";

const root = resolve(import.meta.dirname, "../../..");
let resources: Printed["resources"]["Resources"];

before(async () => {
  resources = (await printTemplate(root, join(root, "node_modules", ".cache", "rollcall"))).resources
    .Resources;
});

const alarms = () => Object.entries(resources).filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm");

test("alarms: each has its entry in the runbook under its name", () => {
  const runbook = readFileSync(join(root, "docs/runbook.md"), "utf8");
  const headings = new Set([...runbook.matchAll(/^#+ `?(\w+)`?$/gm)].map(([, name]) => name));
  assert.ok(alarms().length >= 10);
  assert.deepEqual(
    alarms().flatMap(([name]) => (headings.has(name) ? [] : [name])),
    [],
  );
});

test("alarms: each tells the topic, when there is one, that it came and that it went", () => {
  for (const [name, { Properties }] of alarms()) {
    for (const actions of [Properties.AlarmActions, Properties.OKActions]) {
      assert.deepEqual(actions, { "Fn::If": ["HasTopic", [""], { Ref: "AWS::NoValue" }] }, name);
    }
  }
});

test("alarms and dashboard: they look at what functions tell", () => {
  assert.deepEqual(alarmFindings(resources), []);
});

test("dashboard: every metric of the functions is drawn", () => {
  const drawn = textsIn(resources.Dashboard).join();
  assert.deepEqual(
    Object.keys(meterUnits).filter((name) => !drawn.includes(`"${name}"`)),
    [],
  );
});

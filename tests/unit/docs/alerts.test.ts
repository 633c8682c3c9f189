import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parse } from "yaml";
import * as z from "zod";
import { noSettings } from "../../../lib/config/settings.ts";
import { renderMetrics } from "../../../lib/status/metrics.ts";
import { job } from "../../fakes/jobs.ts";
import { provider } from "../../fakes/providers.ts";
import { plainClient } from "../http/support/config.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const rule = z.object({
  alert: z.string(),
  expr: z.string(),
  annotations: z.object({ runbook: z.string() }),
});
const { groups } = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
  .parse(parse(read("docs/prometheus/alerts.yml")));
const rules = groups.flatMap((group) => group.rules);

const cases = z
  .object({
    tests: z.array(
      z.object({
        alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
      }),
    ),
  })
  .parse(parse(read("tests/e2e/alerts/alerts.test.yml")))
  .tests.flatMap((one) => one.alert_rule_test);

const dashboard = z
  .object({
    panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
  })
  .parse(JSON.parse(read("docs/prometheus/dashboard.json")));

/** The text under each heading of the runbook. */
const entries = new Map(
  read("docs/runbook.md")
    .split(/^#+ /m)
    .map((section) => [section.slice(0, section.indexOf("\n")), section.slice(section.indexOf("\n"))]),
);

/** Every name that `/metrics` can have. */
const rendered = () => {
  const config = {
    mechanism: "http",
    url: "http://127.0.0.1:1",
    refreshInterval: 1,
    httpClient: plainClient,
  } as const;
  const providers = [provider({ id: "http/1", config }), provider({ id: "file/1", config: { ...files } })];
  const configuration = { jobs: [job("pods")] };
  const plan = { hash: "h", providers, warnings: [], settings: noSettings, configuration };
  const reload = { successful: true, successAt: 0 };
  const { body } = renderMetrics({ plan, statuses: [], deadLetters: 0, lag: 0, reload, cycles: [], now: 0 });
  return new Set(body.split("\n").flatMap((line) => /^(\w+)[ {]/.exec(line)?.[1] ?? []));
};
const files = { mechanism: "file", files: [], refreshInterval: 1 } as const;

const namesIn = (expression: string) => expression.match(/\b(?:rollcall|prometheus_sd)_\w+/g) ?? [];

describe("each alert", () => {
  for (const { alert, annotations } of rules) {
    test(`${alert} is in the runbook: what one sees, what it means, what to look at, what to do`, () => {
      const entry = entries.get(alert) ?? "";
      for (const part of ["You see", "It means", "Look at", "Do"])
        assert.match(entry, new RegExp(`^- \\*\\*${part}\\*\\* .{20,}`, "m"), part);
      assert.equal(annotations.runbook, `docs/runbook.md#${alert.toLowerCase()}`);
    });

    test(`${alert} has a case in which it fires, and one in which it does not`, () => {
      const own = cases.filter(({ alertname }) => alertname === alert);
      assert.deepEqual(
        [
          own.some(({ exp_alerts }) => exp_alerts.length > 0),
          own.some(({ exp_alerts }) => exp_alerts.length === 0),
        ],
        [true, true],
      );
    });
  }

  test("has a name of its own, and no case or heading is left of one that is gone", () => {
    const names = rules.map(({ alert }) => alert);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 10);
    for (const { alertname } of cases) assert.ok(names.includes(alertname), alertname);
    for (const heading of entries.keys())
      if (heading.startsWith("Rollcall")) assert.ok(names.includes(heading), heading);
  });
});

test("alerts and dashboard speak of metrics that there are", () => {
  const there = rendered();
  const expressions = [...rules, ...dashboard.panels.flatMap(({ targets }) => targets)].map(
    ({ expr }) => expr,
  );
  assert.ok(expressions.length > 25);
  for (const expression of expressions) {
    const names = namesIn(expression);
    assert.notEqual(names.length, 0, expression);
    for (const name of names) assert.ok(there.has(name), `${name} in ${expression}`);
  }
});

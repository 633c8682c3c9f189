import assert from "node:assert/strict";
import { test } from "node:test";
import { rulesOf } from "../../../lib/config/whereabouts.ts";

const text = `
global: {scrape_interval: 1m}
scrape_configs:
- job_name: "a\\"b"
  relabel_configs:
  - {action: drop, regex: "("}
  - action: keep
    regex: x
  metric_relabel_configs: [{action: drop}, {action: keep}]
  scheme: http
- relabel_configs: [{action: drop}]
alerting: {}
`;

for (const [line, column, expected] of [
  [6, 25, 'job "a\\"b", rule 1 of relabel_configs'],
  [8, 12, 'job "a\\"b", rule 2 of relabel_configs'],
  [9, 44, 'job "a\\"b", rule 2 of metric_relabel_configs'],
  [10, 11, undefined],
  [11, 23, "rule 1 of relabel_configs"],
  [12, 1, undefined],
  [2, 10, undefined],
] as const)
  test(`what people call line ${line}, column ${column} of a configuration: ${expected}`, () =>
    assert.equal(rulesOf(text)({ line, column }), expected));

test("a text that is no YAML has no such places", () =>
  assert.equal(rulesOf("a: [")({ line: 1, column: 1 }), undefined));

test("a text is read once, however many places are asked for", () => {
  const jobs = Array.from(
    { length: 2_000 },
    (_, at) => `- {job_name: j${at}, relabel_configs: [{action: x}]}\n`,
  );
  const ruleAt = rulesOf(`scrape_configs:\n${jobs.join("")}`);
  const found = jobs.map((_, at) => ruleAt({ line: at + 2, column: 50 }));
  assert.equal(new Set(found).size, jobs.length);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRules } from "../../../../lib/adapter/config/parse.ts";
import { createNaming } from "../../../../lib/adapter/naming/name.ts";

const namingOf = (yaml: string) => {
  const text = `rules:\n- seriesQuery: x\n  ${yaml.replaceAll("\n", "\n  ")}\n`;
  const [rule] = parseRules({ path: "adapter.yml", text }).rules;
  assert.ok(rule);
  return createNaming(rule.seriesFilters, rule.name);
};

describe("a series' metric", () => {
  const cases: [string, string, string, string | undefined][] = [
    ["has the series' name unless told otherwise", "name: {}", "up", "up"],
    [
      "is the only group",
      "name: {matches: '^container_(.*)_seconds_total$'}",
      "container_cpu_usage_seconds_total",
      "cpu_usage",
    ],
    ["is the whole match when there is no group", "name: {matches: '_total$'}", "hits_total", "_total"],
    [
      "is what `as` makes of it",
      "name: {matches: '^(.*)_total$', as: '${1}_per_second'}",
      "hits_total",
      "hits_per_second",
    ],
    [
      "is nothing when $name takes more than was meant",
      "name: {matches: '^(.*)_total$', as: '$1_per_second'}",
      "hits_total",
      undefined,
    ],
    ["takes named groups", "name: {matches: '^(?P<what>.*)_total$', as: 'n_$what'}", "hits_total", "n_hits"],
    ["has a dollar for two", "name: {as: 'a$$b'}", "x", "a$b"],
    ["loses unknown groups", "name: {as: 'a${9}b$zz'}", "x", "ab"],
    ["is fixed by an `as` alone", "name: {as: cheesy_goodness}", "cheddar", "cheesy_goodness"],
    ["is none when the pattern does not match", "name: {matches: '^container_'}", "hits", undefined],
    ["is matched anywhere in the name", "name: {matches: 'foo', as: '$0'}", "a_foo_b", "foo"],
    ["is kept by `is`", "seriesFilters: [{is: '^a'}]", "abc", "abc"],
    ["is dropped by `is`", "seriesFilters: [{is: '^a'}]", "bac", undefined],
    ["is dropped by `isNot`", "seriesFilters: [{isNot: '_total$'}]", "hits_total", undefined],
    ["needs every filter", "seriesFilters: [{is: 'a'}, {isNot: 'b'}, {is: 'c'}]", "abc", undefined],
    ["passes every filter", "seriesFilters: [{is: 'a'}, {isNot: 'b'}, {is: 'c'}]", "ac", "ac"],
  ];
  for (const [what, yaml, series, expected] of cases) {
    test(what, () => assert.equal(namingOf(yaml)(series), expected));
  }
});

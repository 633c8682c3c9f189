import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ruleText, writesHost } from "../../../lib/explain/rules.ts";
import type { Rule } from "../../../lib/relabel/rule.ts";
import { ruleOf } from "../relabel/rules.ts";
import { jobWith } from "./world.ts";

describe("whether rules may give a target another host", () => {
  const port = { sourceLabels: ["__address__", "__meta_port"], targetLabel: "__address__" };
  const cases: [string, Partial<Rule>, boolean][] = [
    ["a rule for another label", { targetLabel: "instance" }, false],
    [
      "the documented recipe for a port",
      { ...port, regex: "([^:]+)(?::\\d+)?;(\\d+)", replacement: "$1:$2" },
      false,
    ],
    ["a fixed port", { ...port, regex: "(.*):.*", replacement: `\${1}:9090` }, false],
    ["a prober", { targetLabel: "__address__", replacement: "prober:9115" }, true],
    ["a host of a label", { sourceLabels: ["__meta_host"], targetLabel: "__address__" }, true],
    ["a parameter's name", { targetLabel: "__param_$1" }, false],
    ["any name", { targetLabel: "$1" }, true],
    ["a labelmap of labels", { action: "labelmap", regex: "__meta_kubernetes_pod_label_(.+)" }, false],
    [
      "a labelmap to the address",
      { action: "labelmap", regex: "__meta_(x)", replacement: "__address__" },
      true,
    ],
  ];
  for (const [name, written, expected] of cases) {
    test(`${name}: ${expected ? "yes" : "no"}`, () =>
      assert.equal(writesHost(jobWith("a", ruleOf(written))), expected));
  }
});

describe("a rule in a sentence", () => {
  const cases: [Partial<Rule>, string][] = [
    [
      { action: "keep", sourceLabels: ["a", "b"], regex: "x" },
      'rule 1 (keep, source_labels [a, b], regex "x")',
    ],
    [{ action: "labeldrop", regex: "x" }, 'rule 1 (labeldrop, regex "x")'],
    [
      { action: "keepequal", sourceLabels: ["a"], targetLabel: "b" },
      "rule 1 (keepequal, source_labels [a], target_label b)",
    ],
  ];
  for (const [written, text] of cases) {
    test(text, () => assert.equal(ruleText(jobWith("a", ruleOf(written)), 0), text));
  }
});

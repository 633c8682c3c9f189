import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseSelector } from "../../../lib/relabel/selector.ts";
import { createFinder } from "../../../lib/scrapepool/find.ts";
import { readScrapePool } from "../../../lib/scrapepool/scrapepool.ts";
import { viewsOf } from "../../fakes/views.ts";
import { jobOf } from "../relabel/rules.ts";

const rules =
  "relabel_configs: [{source_labels: [__meta_a], regex: (.+), target_label: a}, {source_labels: [__meta_b], regex: x, action: drop}]";

const value = fc.constantFrom("", "x", "y");
const labels = fc.record({ __meta_a: value, __meta_b: value, b: value }, { requiredKeys: [] });
const groups = fc.array(fc.record({ labels, targets: fc.array(labels, { maxLength: 3 }) }), { maxLength: 8 });
const selectors = ['{__meta_a="x"}', '{__meta_a!="",__meta_b="y"}', '{__meta_b=~"x|y"}', '{a="x"}', "{}"];

describe("finding targets by labels", () => {
  test("asks each target's own labels over its group's, and final ones over both, in whatever order they come", async () => {
    const job = jobOf(rules);
    const property = fc.asyncProperty(groups, fc.constantFrom(...selectors), async (all, text) => {
      const discovered = all.map((group, at) => ({
        source: `pod/${at}`,
        labels: group.labels,
        targets: group.targets.map((own, port) => ({ ...own, __address__: `127.0.0.1:${port}` })),
      }));
      const { targets } = await readScrapePool(job, viewsOf(discovered));
      const parsed = parseSelector(text);
      assert.ok("selector" in parsed);
      const isFound = createFinder(job, { selectors: [parsed.selector], words: [] });
      for (const target of targets) {
        const { group } = target.entry;
        const discovered: Record<string, string> = { ...group.labels, ...group.targets[target.index] };
        const final = target.outcome.state === "active" ? target.outcome.labels : new Map<string, string>();
        const get = (name: string) =>
          (name.startsWith("__meta_") ? undefined : final.get(name)) ?? discovered[name];
        assert.equal(isFound(target), parsed.selector.matches({ get }));
      }
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compactTargets, type ShownTarget } from "../../../lib/scrapepool/compact.ts";
import { targetStates } from "../../../lib/scrapepool/find.ts";
import { targetsIn } from "../../../page/pure/compact.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "a", "__proto__", "constructor", "1"),
);
const labels = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 6 });
const target: fc.Arbitrary<ShownTarget> = fc.record({
  job: text,
  state: fc.constantFrom(...targetStates),
  provider: text,
  cluster: text,
  source: text,
  reason: text,
  scrapeUrl: text,
  discoveredLabels: labels,
  labels,
});

describe("targets in a compact answer", () => {
  test("are what they were, on the other side", () => {
    fc.assert(
      fc.property(fc.array(target, { maxLength: 8 }), (shown) => {
        const arrived = targetsIn(JSON.parse(JSON.stringify(compactTargets(shown))));
        assert.deepEqual(
          arrived.map((one) => ({ ...one })),
          shown.map((one) => ({
            ...one,
            discoveredLabels: Object.fromEntries(one.discoveredLabels),
            labels: Object.fromEntries(one.labels),
          })),
        );
      }),
    );
  });

  test("have each text once", () => {
    const one: ShownTarget = {
      job: "j",
      state: "active",
      provider: "p",
      cluster: "c",
      source: "s",
      reason: "",
      scrapeUrl: "http://a:1/metrics",
      discoveredLabels: [["__address__", "a:1"]],
      labels: [["instance", "a:1"]],
    };
    const { strings, names } = compactTargets([one, one, { ...one, labels: [["instance", "b:1"]] }]);
    assert.equal(new Set(strings).size, strings.length);
    assert.equal(names.length, 2);
  });
});

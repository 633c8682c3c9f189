import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { grown, noTotals } from "../../../../lib/metrics/cycles/totals.ts";

describe("what cycles take in all", () => {
  test("grows with each, and forgets nodes that are asked no more", () => {
    const first = grown(noTotals, {
      scrape: 50,
      kubelets: new Map([
        ["a", 10],
        ["b", 20],
      ]),
      processors: { "rate calculator": 2 },
    });
    const second = grown(first, { scrape: 70, kubelets: new Map([["a", 5]]), processors: {} });
    assert.deepEqual(second, {
      scrapes: { count: 2, milliseconds: 120 },
      kubelets: { a: { count: 2, milliseconds: 15 } },
      processors: { "rate calculator": { count: 1, milliseconds: 2 } },
    });
  });

  test("has no more kubelets than an item of the table has room for", () => {
    const kubelets = new Map(Array.from({ length: 5000 }, (_, at) => [`node-${at}`, 1]));
    const { kubelets: kept } = grown(noTotals, { scrape: 1, kubelets, processors: {} });
    assert.equal(Object.keys(kept).length, 1000);
  });
});

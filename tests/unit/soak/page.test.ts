import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reliabilityPage } from "../../e2e/soak/page.ts";
import type { SoakReport } from "../../e2e/soak/report.ts";

const growth = { first: 40, last: 41, perHour: 2.5, later: 0.5, most: 6 };
const report: SoakReport = {
  ...{
    seed: 7,
    machine: "2 × made-up",
    commit: "0123456789",
    load: 3,
    began: "2026-01-02T03:04:05.000Z",
    seconds: 1500,
    repaired: 81.5,
  },
  ...{ pace: 20, perSecond: 20.3, changes: 29_500, lists: 12_345, refused: 6, starts: 4 },
  faults: [
    {
      ...{ where: "bus", name: "events are lost", promises: [5] },
      ...{ tried: 3, hit: 1_200, late: 12, longest: 8.2 },
    },
    {
      ...{ where: "queue", name: "old events come once more", promises: [1, 2] },
      ...{ tried: 2, hit: 100, late: 0, longest: 0 },
    },
    {
      ...{ where: "table", name: "never tried", promises: [5] },
      ...{ tried: 0, hit: 0, late: 0, longest: 0 },
    },
  ],
  measured: {
    ...{ seconds: 820, resident: growth, table: growth, own: growth },
    ...{ reserved: growth, heap: growth, files: growth },
  },
  letters: [
    { queue: "dead letters", because: "sent as what can never be applied: the body is no JSON", count: 2 },
  ],
  violations: [],
  overgrown: [],
};

describe("the page of a run", () => {
  test("says what was tried, what it hit, what was promised and what was seen", () => {
    const page = reliabilityPage([report]);
    assert.match(page, /--seconds 1500 --seed 7 /);
    assert.match(page, /, of 0123456789: /);
    assert.match(page, /changed 20\.3 times a second together \(29,500 changes in all\)/);
    assert.match(
      page,
      /^\| bus \| events are lost \| 3 \| 1,200 \| repaired within 5 minutes \(5\) \| 12 sources late, the longest 8.2 s \|$/m,
    );
    assert.match(
      page,
      /^\| queue \| old events come once more \| 2 \| 100 \| .*\(1\); .*\(2\) \| nothing late \|$/m,
    );
    assert.doesNotMatch(page, /never tried/);
    assert.match(page, /^\| open files \| 40 \| 41 \| 2.5 \| 0.5 \| 6 \|$/m);
    assert.match(page, /^\| dead letters \| 2 \| sent as what can never be applied/m);
    assert.match(page, /No promise was broken/);
  });

  test("counts several runs together, and says of each how it went", () => {
    const page = reliabilityPage([report, { ...report, seed: 8, only: "lost" }]);
    assert.match(page, /--seed 7 --pace 20 --table/);
    assert.match(page, /--seed 8 --pace 20 --only "lost" --table/);
    assert.match(
      page,
      /^\| bus \| events are lost \| 6 \| 2,400 \| .* \| 24 sources late, the longest 8.2 s \|$/m,
    );
  });

  test("says what grew more than it may", () => {
    const page = reliabilityPage([{ ...report, overgrown: ["own grew by 90 an hour"] }]);
    assert.match(page, /^\*\*own grew by 90 an hour\.\*\*$/m);
    assert.match(page, /No promise was broken/);
  });

  test("hides no broken promise", () => {
    const page = reliabilityPage([{ ...report, violations: ["pods: lost a", "pods: revived b"] }]);
    assert.match(page, /\*\*Promises were broken 2 times:\*\*/);
    assert.match(page, /^- pods: lost a$/m);
    assert.doesNotMatch(page, /No promise was broken/);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { binned, niceTicks, roundSpan, timeTicks } from "../../../page/pure/chart.ts";

const hour = 3_600_000;
const noon = Date.parse("2026-11-23T12:00:00Z");

describe("changes in spans of time", () => {
  test("each falls into its span, by kind", () => {
    const bins = binned(
      [
        { at: noon - 1, change: "added" },
        { at: noon - 60_000, change: "added" },
        { at: noon - 59_999, change: "removed" },
      ],
      { since: noon - hour, until: noon, most: 60 },
    );
    const { from: _from, until: _until, ...last } = bins.at(-1) ?? { from: 0, until: 0 };
    assert.deepEqual([bins.length, last], [60, { added: 2, updated: 0, removed: 1 }]);
  });

  test("what happened outside is left out", () => {
    const bins = binned(
      [
        { at: noon - 2 * hour, change: "added" },
        { at: noon + hour, change: "added" },
      ],
      {
        since: noon - hour,
        until: noon,
        most: 60,
      },
    );
    assert.equal(
      bins.reduce((sum, { added }) => sum + added, 0),
      0,
    );
  });

  test("spans touch, cover the stretch, begin at round times and are never too many", () => {
    const stretch = fc.record({
      since: fc.integer({ min: 1e12, max: 2e12 }),
      length: fc.integer({ min: 1000, max: 30 * 24 * hour }),
    });
    fc.assert(
      fc.property(stretch, ({ since, length }) => {
        const bins = binned([], { since, until: since + length, most: 90 });
        assert.ok(bins.length <= 92);
        assert.ok((bins[0]?.from ?? Infinity) <= since && (bins.at(-1)?.until ?? 0) >= since + length);
        for (const [index, { from, until }] of bins.entries()) {
          assert.equal(from % (until - from), 0);
          if (index > 0) assert.equal(from, bins[index - 1]?.until);
        }
      }),
    );
  });

  test("a span is one that people count in", () => {
    assert.deepEqual([1, 1001, 61_000, 25 * hour].map(roundSpan), [1000, 2000, 120_000, 48 * hour]);
  });
});

describe("the marks of the axes", () => {
  test("are round, have one step above and below, and reach far enough", () => {
    assert.deepEqual(niceTicks({ above: 15, below: 4 }, 4), [-5, 0, 5, 10, 15]);
    assert.deepEqual(niceTicks({ above: 1, below: 0 }, 4), [0, 1]);
    assert.deepEqual(niceTicks({ above: 0, below: 0 }, 4), [0, 1]);
    assert.deepEqual(niceTicks({ above: 730, below: 0 }, 4), [0, 200, 400, 600, 800]);
  });

  test("cover what is drawn with few steps, whatever it is", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), (above, below) => {
        const ticks = niceTicks({ above, below }, 4);
        assert.ok((ticks[0] ?? 1) <= -below && (ticks.at(-1) ?? -1) >= above && ticks.includes(0));
        assert.ok(ticks.length <= 8, String(ticks));
      }),
    );
  });

  test("of time stand at the reader's own round times", () => {
    const india = -330 * 60_000;
    const ticks = timeTicks({ since: noon, until: noon + 24 * hour }, 4, india);
    assert.deepEqual(
      ticks.map((at) => new Date(at - india).toISOString().slice(11, 16)),
      ["18:00", "00:00", "06:00", "12:00"],
    );
  });
});

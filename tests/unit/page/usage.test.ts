import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Part, Point } from "../../../page/live/shapes.ts";
import { amountText, inUnit, unitFor } from "../../../page/pure/amount.ts";
import { pathOf, scaleOf, spanOf, timesOf, valueAt } from "../../../page/pure/linechart.ts";
import {
  chartsOf,
  kindOf,
  mergedSeries,
  nameOf,
  partSubject,
  shareOf,
  subjectIn,
  wayTo,
} from "../../../page/pure/usage.ts";

const part = (name: string, values: Record<string, number> = {}): Part => ({
  name,
  namespace: "shop",
  node: "n1",
  values,
});

describe("amounts", () => {
  test("are said in the unit that people use for their size", () => {
    const said = (of: "cpu" | "bytes" | "rate", ...values: number[]) =>
      values.map((value) => amountText(of, value));
    assert.deepEqual(said("cpu", 0, 142, 2804, 12_400), ["0m", "142m", "2,804m", "12.4 cores"]);
    assert.deepEqual(said("bytes", 0, 1023, 64 * 1024 ** 2, 1.25 * 1024 ** 3), [
      "0 B",
      "1,023 B",
      "64 MiB",
      "1.25 GiB",
    ]);
    assert.deepEqual(said("rate", 0.4, 220_000, 12_345_678), ["0 B/s", "220 kB/s", "12.3 MB/s"]);
  });

  test("share a unit where they are compared", () => {
    const unit = unitFor("bytes", 300 * 1024 ** 2);
    assert.deepEqual(
      [0.5, 1.5].map((gibi) => inUnit(unit, gibi * 1024 ** 3)),
      ["512 MiB", "1,536 MiB"],
    );
  });
});

describe("what is shown of a cluster", () => {
  test("is named by the address, and the way there leads over what it lies in", () => {
    const container = subjectIn({
      cluster: "eu",
      namespace: "shop",
      pod: "web",
      container: "app",
      sort: "cpu",
    });
    assert.deepEqual(
      wayTo(container).map((step) => [kindOf(step), nameOf(step)]),
      [
        ["cluster", "eu"],
        ["namespace", "shop"],
        ["pod", "web"],
        ["container", "app"],
      ],
    );
    const node = subjectIn({ cluster: "eu", node: "n1" });
    assert.deepEqual(wayTo(node).map(kindOf), ["cluster", "node"]);
  });

  test("leads on to its parts, from a node to pods of any namespace", () => {
    const node = subjectIn({ cluster: "eu", node: "n1" });
    assert.deepEqual(partSubject(node, "pod", part("web")), {
      cluster: "eu",
      node: "",
      namespace: "shop",
      pod: "web",
      container: "",
    });
    assert.equal(partSubject(node, "system", part("kubelet")), undefined);
  });

  test("has charts of the metrics that it has, with levels that somebody wrote down", () => {
    const line: Point[] = [[10, 1]];
    const titles = (...metrics: string[]) =>
      chartsOf({ values: {} }, Object.fromEntries(metrics.map((metric) => [metric, line]))).map(
        ({ title, lines }) => [title, ...lines.map(({ name }) => name)],
      );
    assert.deepEqual(titles("cpu/usage_rate", "memory/usage"), [
      ["CPU", "in use"],
      ["Memory", "in use, with caches"],
    ]);
    assert.deepEqual(titles("memory/usage", "memory/working_set", "network/rx_rate"), [
      ["Memory", "working set", "with caches"],
      ["Network", "received"],
    ]);
    const [cpu] = chartsOf({ values: { "cpu/request": 100, "cpu/limit": 0 } }, { "cpu/usage_rate": line });
    assert.deepEqual(cpu?.levels, [{ name: "asked for", value: 100 }]);
  });

  test("says what share of its limit is in use, of a node what it can give", () => {
    const values = { "cpu/usage_rate": 50, "cpu/limit": 200, "memory/working_set": 10, "memory/usage": 90 };
    assert.equal(shareOf(part("a", values), "cpu"), 0.25);
    assert.equal(shareOf(part("a", { ...values, "cpu/node_allocatable": 100 }), "cpu"), 0.5);
    assert.equal(shareOf(part("a", { ...values, "memory/limit": 100 }), "memory"), 0.1);
    assert.equal(shareOf(part("a", values), "memory"), undefined);
  });
});

describe("points that arrive in several answers", () => {
  test("are each there once and in order, and none older than is kept", () => {
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, times, (known, arrived) => {
        const points = (all: number[], value: number): Point[] =>
          all.sort((a, b) => a - b).map((at) => [at, value]);
        const { m: merged = [] } = mergedSeries({ m: points(known, 1) }, { m: points(arrived, 2) }, 900);
        const last = Math.max(0, ...known, ...arrived);
        const wanted = [...new Set([...known, ...arrived])].filter((at) => at > last - 900);
        assert.deepEqual(
          merged.map(([at]) => at),
          wanted.sort((a, b) => a - b),
        );
        for (const [at, value] of merged) assert.equal(value, arrived.includes(at) ? 2 : 1);
      }),
    );
  });
});

describe("a line chart", () => {
  const chart = {
    title: "CPU",
    of: "cpu" as const,
    lines: [
      {
        name: "in use",
        tone: "first" as const,
        points: [
          [100, 40],
          [110, 90],
          [200, -5],
        ] as const,
      },
    ],
    levels: [
      { name: "asked for", value: 200 },
      { name: "limit", value: 4000 },
    ],
  };

  test("draws levels that are near, and leaves those out that would flatten its lines", () => {
    const scale = scaleOf(chart, { since: 0, until: 200 });
    assert.deepEqual(
      scale.levels.map(({ name }) => name),
      ["asked for"],
    );
    assert.deepEqual(
      scale.ticks.map(({ text }) => text),
      ["0", "50m", "100m", "150m", "200m"],
    );
  });

  test("spans what there is, within bounds, together with its neighbours", () => {
    assert.deepEqual(spanOf([chart], { least: 120, most: 900 }), { since: 80, until: 200 });
    assert.deepEqual(spanOf([chart], { least: 10, most: 50 }), { since: 150, until: 200 });
    assert.deepEqual(spanOf([chart], { least: 10, most: 900 }), { since: 100, until: 200 });
    assert.deepEqual(timesOf([chart, chart]), [100, 110, 200]);
  });

  test("is interrupted where measurements are missing, and never goes below nought", () => {
    const { points } = chart.lines[0]!;
    const path = pathOf(points, { x: (at) => at, y: (value) => value, gap: 25 });
    assert.equal(path, "M100.0 40.0L110.0 90.0M200.0 0.0");
    assert.deepEqual(
      [99, 105, 200].map((at) => valueAt(points, at)),
      [undefined, 40, -5],
    );
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createExposition } from "../../../lib/status/exposition.ts";

describe("the exposition format", () => {
  test("tells help and type once before all series of a family", () => {
    const exposition = createExposition();
    const errors = { name: "errors_total", type: "counter", help: "Errors, by\nplace \\ kind." } as const;
    const up = { name: "up", type: "gauge", help: "Up." } as const;
    exposition.add(errors, 1, { labels: { place: "a" } });
    exposition.add(up, 0.25);
    exposition.add(errors, 2, { labels: { place: "b" } });
    assert.equal(
      exposition.text(),
      [
        "# HELP errors_total Errors, by\\nplace \\\\ kind.",
        "# TYPE errors_total counter",
        'errors_total{place="a"} 1',
        'errors_total{place="b"} 2',
        "",
        "# HELP up Up.",
        "# TYPE up gauge",
        "up 0.25",
        "",
      ].join("\n"),
    );
  });

  test("adds to a series or sets it, and escapes what labels cannot hold", () => {
    const exposition = createExposition();
    const metric = { name: "m", type: "gauge", help: "M." } as const;
    const series = { labels: { path: 'C:\\a "b"\nc' } };
    exposition.add(metric, 1, series);
    exposition.add(metric, 2, series);
    assert.ok(exposition.text().includes('m{path="C:\\\\a \\"b\\"\\nc"} 3\n'));
    exposition.set(metric, 7, series);
    assert.ok(exposition.text().includes('c"} 7\n'));
  });

  test("puts the parts of a histogram under its one type", () => {
    const exposition = createExposition();
    const metric = { name: "h", type: "histogram", help: "H." } as const;
    exposition.add(metric, 1, { labels: { le: "+Inf" }, part: "_bucket" });
    exposition.add(metric, 0.5, { part: "_sum" });
    exposition.add(metric, 1, { part: "_count" });
    const lines = exposition.text().trim().split("\n").slice(1);
    assert.deepEqual(lines, ["# TYPE h histogram", 'h_bucket{le="+Inf"} 1', "h_sum 0.5", "h_count 1"]);
  });
});

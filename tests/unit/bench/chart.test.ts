import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chartOf } from "../../../bench/support/chart.ts";
import { resultOf } from "./result.ts";

const result = resultOf(
  { name: "until served", unit: "ms", at: "<1,000 pods>", ours: 50, prometheus: 400, vmagent: 100 },
  { name: "memory", unit: "MB", ours: 90, floor: 20, target: { most: 100, says: "at most 100 MB" } },
  { name: "never seen", unit: "", ours: 0 },
);

describe("a chart", () => {
  test("tells in words what it shows, for who does not see it", () => {
    const svg = chartOf(result);
    assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="title text">/);
    assert.match(svg, /<title id="title">road: The road, tried\.<\/title>/);
    assert.match(
      svg,
      /until served, &lt;1,000 pods&gt;: Rollcall 50 ms, Prometheus 400 ms, vmagent 100 ms; memory: Rollcall 90 MB, floor 20 MB; never seen: Rollcall 0<\/desc>/,
    );
  });

  test("names who is in it, and nobody else", () => {
    const svg = chartOf(resultOf(result.figures[0]!));
    for (const name of ["Rollcall", "Prometheus", "vmagent"])
      assert.match(svg, new RegExp(`>${name}</text>`));
    assert.doesNotMatch(svg, />(floor|target)<\/text>/);
  });

  test("has other colours on dark ground, for each that it uses", () => {
    const svg = chartOf(result);
    const [, dark = ""] = /@media \(prefers-color-scheme:dark\)\{(.*?)\}<\/style>/.exec(svg) ?? [];
    const used = new Set(svg.replace(/<style>.*?<\/style>/s, "").match(/(?<=(?:fill|stroke)=")#\w+/g));
    assert.ok(used.size >= 5);
    for (const colour of used) assert.ok(dark.includes(`"${colour}"`), colour);
  });

  test("is the same whenever it is drawn", () => {
    assert.equal(chartOf(result), chartOf(result));
  });

  test("is there when nothing in it is above zero", () => {
    assert.match(chartOf(resultOf({ name: "errors", unit: "", ours: 0 })), /errors: Rollcall 0/);
  });
});

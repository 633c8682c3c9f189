import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Figure } from "../../../bench/support/figure.ts";
import { reportOf, rowsOf } from "../../../bench/support/report.ts";
import { resultOf } from "./result.ts";

const served: Figure = {
  ...{ name: "until served", unit: "ms" as const, at: "1,000 pods" },
  ...{ ours: 50, prometheus: 400, vmagent: 100 },
  target: { most: 25, says: "at most a quarter of vmagent's" },
};

describe("a report", () => {
  test("has ours, the peers', the ratio to the better of them, the target and whether it is met", () => {
    const rows = rowsOf([served]);
    assert.deepEqual(rows[0], ["", "at", "Rollcall", "Prometheus", "vmagent", "ratio", "target", "met"]);
    const cells = ["until served", "1,000 pods", "50 ms", "400 ms", "100 ms", "× 0.5"];
    assert.deepEqual(rows[1], [...cells, "at most a quarter of vmagent's", "no"]);
  });

  test("leaves out columns in which nothing stands", () => {
    assert.deepEqual(rowsOf([{ name: "size", unit: "B", ours: 5 }]), [
      ["", "Rollcall"],
      ["size", "5 B"],
    ]);
  });

  test("says what it was taken on, and when", () => {
    const text = reportOf(resultOf(served));
    assert.match(
      text,
      /^2 × A processor, 24 GiB, Node v24\.0\.0, Linux 6\.1\.0\n0123456789, 2026-01-02, load before 0\.1/,
    );
  });
});

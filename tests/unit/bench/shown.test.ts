import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figure } from "../../../bench/support/figure.ts";
import { shown } from "../../../bench/support/shown.ts";

const cases: readonly (readonly [number, Figure["unit"], string])[] = [
  [0.0213, "ms", "0.021 ms"],
  [4.66, "ms", "4.7 ms"],
  [84.4, "ms", "84 ms"],
  [2740, "ms", "2.7 s"],
  [46_000, "ms", "46 s"],
  [18.6, "s", "19 s"],
  [436, "MB", "436 MB"],
  [1890, "MB", "1.9 GB"],
  [680, "B", "680 B"],
  [4700, "B", "4.7 kB"],
  [166_600_000, "B", "167 MB"],
  [25_400, "/s", "25,400/s"],
  [0.3312, "USD", "0.33 USD"],
  [1002, "", "1,002"],
  [0, "", "0"],
  [-0.4, "MB", "-0.4 MB"],
];

test("a value is shown with its unit, in as many digits as matter", () => {
  for (const [value, unit, text] of cases) assert.equal(shown(value, unit), text);
});

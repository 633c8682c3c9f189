import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figure } from "../../../bench/support/figure.ts";
import { growth } from "../../../bench/support/growth.ts";

const sizes = [1000, 10_000, 50_000];
const at = (size: number) => `${size.toLocaleString("en-US")} pods`;

test("what grows with pods has its power of them, for everyone who was measured at each size", () => {
  const figures = sizes.flatMap((size): Figure[] => [
    { name: "until served", unit: "ms", at: at(size), ours: 3 * size, prometheus: 5, vmagent: size ** 2 },
    { name: "until served", unit: "ms", at: `${at(size)}, as it comes`, ours: 1 },
    { name: "never seen", unit: "", at: at(size), ours: 0 },
    { name: "a read", unit: "ms", at: at(size), ours: 7, ...(size > 1000 && { vmagent: 9 }) },
  ]);
  assert.deepEqual(growth(sizes, figures), [
    ...[
      {
        name: "until served",
        unit: "",
        at: "power of pods, 1,000 to 50,000",
        ours: 1,
        prometheus: 0,
        vmagent: 2,
      },
    ],
    {
      name: "a read",
      unit: "",
      at: "power of pods, 1,000 to 50,000",
      ours: 0,
      prometheus: undefined,
      vmagent: undefined,
    },
  ]);
});

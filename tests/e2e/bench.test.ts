import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { keyOf } from "../../bench/support/figure.ts";
import { readResults, tried } from "../../bench/support/result.ts";
import { repository } from "./process.ts";

const small = {
  ROLLCALL_BENCH_PODS: "200",
  ROLLCALL_BENCH_TARGETS: "400",
  ROLLCALL_BENCH_NODES: "20",
};

/** Those that need neither peers nor a control plane, small; what they claim is for a quiet machine, and nothing here looks at it. */
describe("`npm run bench -- NAME`, at a small size", () => {
  for (const name of ["building", "reducing", "relabel", "collect", "explain"])
    test(`${name} prints its figures, and keeps them apart from the documentation's`, () => {
      const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "bench", "--", name], {
        ...{ cwd: repository, encoding: "utf8", timeout: 120_000 },
        env: { ...process.env, ...small },
      });
      assert.equal(status, 0, stderr);
      assert.match(stdout, /bench\/out\/\w+\.json\n$/);
      const result = readResults(tried).find(({ bench }) => bench === name);
      assert.ok(result);
      for (const figure of result.figures) {
        assert.ok(Number.isFinite(figure.ours) && figure.ours > 0, keyOf(figure));
        assert.ok(stdout.includes(figure.name), figure.name);
      }
    });
});

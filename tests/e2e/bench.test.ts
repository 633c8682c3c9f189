import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { benchNames, openBench } from "../../bench/support/benches.ts";
import { keyOf } from "../../bench/support/figure.ts";
import { readResults, tried } from "../../bench/support/result.ts";
import { repository } from "./process.ts";

const small = {
  ROLLCALL_BENCH_AUTOSCALERS: "4",
  ROLLCALL_BENCH_CHANGES: "50",
  ROLLCALL_BENCH_CLUSTERS: "2",
  ROLLCALL_BENCH_MINUTES: "1",
  ROLLCALL_BENCH_NODES: "20",
  ROLLCALL_BENCH_PAGE_TARGETS: "400",
  ROLLCALL_BENCH_PODS: "200",
  ROLLCALL_BENCH_PROBES: "5",
  ROLLCALL_BENCH_SCRAPERS: "1",
  ROLLCALL_BENCH_SECONDS: "5",
  ROLLCALL_BENCH_SERIES: "20",
  ROLLCALL_BENCH_TARGETS: "400",
};

/** The suite of this name does what it does, and more. Those that take longest first, so that none of them is left at the end. */
const names = benchNames.filter((name) => name !== "newcomer");
const benches = await Promise.all(names.map(async (name) => ({ name, ...(await openBench(name)).about })));
benches.sort((a, b) => b.minutes - a.minutes);

/** All of them, small, with peers and control planes; what they claim is for a quiet machine, and nothing here looks at it. They mostly wait. */
describe("`npm run bench -- NAME`, at a small size", { concurrency: 3 }, () => {
  for (const { name } of benches)
    test(`${name} prints its figures, and keeps them apart from the documentation's`, async () => {
      const { stdout } = await promisify(execFile)("npm", ["run", "--silent", "bench", "--", name], {
        ...{ cwd: repository, timeout: 300_000 },
        env: { ...process.env, ...small },
      });
      assert.match(stdout, /bench\/out\/\w+\.json\n$/);
      const result = readResults(tried).find(({ bench }) => bench === name);
      assert.ok(result);
      for (const figure of result.figures) {
        assert.ok(Number.isFinite(figure.ours), keyOf(figure));
        assert.ok(stdout.includes(figure.name), figure.name);
      }
    });
});

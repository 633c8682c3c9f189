import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { benchNames, openBench } from "../../bench/support/benches.ts";
import { type Figure, keyOf, power } from "../../bench/support/figure.ts";
import { readResult, tried } from "../../bench/support/result.ts";
import { repository, startProgram } from "./process.ts";

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

const settings = Object.entries(small).map(([name, value]) => `${name}=${value}`);

const timeout = 300_000;

/** The suite of this name does what it does, and more. Those that take longest first, so that none of them is left at the end. */
const names = benchNames.filter((name) => name !== "newcomer");
const benches = await Promise.all(names.map(async (name) => ({ name, ...(await openBench(name)).about })));
benches.sort((a, b) => b.minutes - a.minutes);

/** All of them, small, with peers and control planes; what they claim is for a quiet machine, and nothing here looks at it. They mostly wait. */
describe("`npm run bench -- NAME`, at a small size", { concurrency: 3 }, () => {
  for (const { name } of benches)
    test(`${name} prints its figures, and keeps them apart from the documentation's`, {
      timeout,
    }, async (context) => {
      // Of an earlier try.
      rmSync(join(tried, `${name}.json`), { force: true });
      const program = startProgram("env", [
        ...settings,
        process.execPath,
        join(repository, "bench/run.ts"),
        name,
      ]);
      context.after(program.stop);
      const ended = await program.ended;
      const printed = program.output();
      assert.equal(ended, 0, printed.slice(-2000));
      assert.match(printed, /bench\/out\/\w+\.json\n/);
      for (const figure of readResult(tried, name).figures) {
        assert.ok(figure.ours > 0 || mayBeNone(figure), keyOf(figure));
        assert.ok(printed.includes(figure.name), figure.name);
      }
    });
});

/** How something grows is near nothing where it does not, and what must not happen does not. */
const mayBeNone = ({ at, target }: Figure) => at?.startsWith(power) === true || target?.says === "none";

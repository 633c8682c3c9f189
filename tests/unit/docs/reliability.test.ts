import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { reliabilityPage } from "../../e2e/soak/page.ts";
import { soakReports } from "../../e2e/soak/report.ts";

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

describe("docs/reliability.md", () => {
  const runs = soakReports.parse(JSON.parse(read("reliability.json")));

  test("is what the runs in docs/reliability.json give: `npm run soak -- --from docs/reliability.json --table docs/reliability.md`", () => {
    assert.equal(read("reliability.md"), reliabilityPage(runs));
  });

  test("is of runs in which no promise was broken", () => {
    assert.deepEqual(
      runs.flatMap(({ violations }) => violations),
      [],
    );
    assert.notEqual(runs.length, 0);
  });

  test("is of runs in which nothing grew more than it may but what the table has mapped, as its page says", () => {
    const others = runs
      .flatMap(({ overgrown }) => overgrown)
      .filter((line) => !/^(resident|table) /.test(line));
    assert.deepEqual(others, []);
  });
});

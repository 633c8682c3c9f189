import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { documents } from "../../../bench/readme.ts";
import { benchNames, openBench } from "../../../bench/support/benches.ts";
import { keyOf } from "../../../bench/support/figure.ts";
import { figuresPage } from "../../../bench/support/figurespage.ts";
import { readGaps, unexplained } from "../../../bench/support/gaps.ts";
import { chosen, readmeFigures } from "../../../bench/support/readmefigures.ts";
import { readResults } from "../../../bench/support/result.ts";
import { repository } from "../../e2e/process.ts";
import { resultOf } from "./result.ts";

describe("the documentation's figures", () => {
  test("are those of the results, as `npx node bench/readme.ts` writes them", () => {
    for (const [path, text] of documents()) {
      assert.ok(existsSync(join(repository, path)), `${path} is missing: node bench/readme.ts`);
      assert.equal(readFileSync(join(repository, path), "utf8"), text, `${path}: node bench/readme.ts`);
    }
  });

  test("have no chart of a bench that is gone", () => {
    const charts = globSync("docs/bench/*.svg", { cwd: repository }).map((file) => basename(file, ".svg"));
    assert.deepEqual(
      charts.sort(),
      readResults().map(({ bench }) => bench),
    );
  });

  test("come from benches that there are", () => {
    for (const { bench } of readResults()) assert.ok(benchNames.includes(bench), bench);
  });

  test("say for each target that is missed why, and for no other", () => {
    assert.deepEqual(unexplained(readResults(), readGaps()), { missed: [], stale: [] });
  });
});

test("the README asks for no figure that is gone", () => {
  const results = readResults();
  for (const [name, patterns] of Object.entries(chosen)) {
    assert.ok(benchNames.includes(name), name);
    const figures = results.find(({ bench }) => bench === name)?.figures;
    for (const pattern of figures === undefined ? [] : patterns)
      assert.ok(
        figures?.some((figure) => pattern.test(keyOf(figure))),
        `${name}: ${pattern}`,
      );
  }
});

describe("a target", () => {
  const figure = { name: "until served", unit: "ms", at: "1,000 pods", ours: 50, vmagent: 30 } as const;
  const missed = resultOf({ ...figure, target: { most: 30, says: "at most vmagent's" } }, figure);
  const why = { road: { "until served, 1,000 pods": "the table writes one item at a time" } };

  test("that is missed wants a reason", () => {
    assert.deepEqual(unexplained([missed], {}), { missed: ["road: until served, 1,000 pods"], stale: [] });
    assert.deepEqual(unexplained([missed], why), { missed: [], stale: [] });
  });

  test("that is met wants none", () => {
    assert.deepEqual(unexplained([resultOf(figure)], why).stale, ["road: until served, 1,000 pods"]);
  });

  test("that is missed stands in the README with the command of its bench and the reason", () => {
    const text = readmeFigures([missed], why) ?? "";
    assert.match(text, /2 × A processor.*; 2026-01-02\./);
    assert.match(text, /^`npm run bench -- road`: The road, tried\.$/m);
    const row =
      "| until served, 1,000 pods | 50 ms | 30 ms | at most vmagent's: **missed**, the table writes one item at a time |";
    assert.ok(text.includes(row), text);
    assert.equal(text.split("\n").filter((line) => line.includes("until served")).length, 1);
  });

  test("is of a commit, which the README and the page of figures tell", () => {
    const later = { ...missed, bench: "other", commit: "ffff+" };
    for (const page of [readmeFigures, figuresPage]) {
      assert.match(page([missed], why) ?? "", /All are of commit 0123456789\.\s/);
      assert.match(
        page([missed, later], why) ?? "",
        /Not all are of one commit: road of 0123456789; other of ffff\+, with a plus where files differed from it\.\s/,
      );
    }
  });

  test("stands with its chart and every other figure on the page of figures", () => {
    const text = figuresPage([missed], why);
    assert.ok(text.includes("](bench/road.svg)"));
    assert.ok(text.includes("- *until served, 1,000 pods*: the table writes one item at a time"));
  });
});

describe("a bench", () => {
  for (const name of benchNames) {
    test(`${name} says what it measures in one line, and how many minutes it takes`, async () => {
      const { about, bench } = await openBench(name);
      assert.match(about.says, /^[^\n|]{20,200}\.$/);
      assert.ok(about.minutes > 0 && about.minutes <= 15);
      assert.equal(typeof bench, "function");
    });
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { benchNames } from "../../../bench/support/benches.ts";
import { runScript } from "../../e2e/process.ts";

const run = (...words: string[]) => runScript("bench/run.ts", ...words);

describe("`npm run bench`", () => {
  test("without a name tells which benches there are, with their minutes, and runs none", () => {
    const { status, stdout } = run();
    assert.equal(status, 0);
    assert.ok(benchNames.length > 8);
    for (const name of benchNames) assert.match(stdout, new RegExp(`^${name} +[\\d.]+ min +\\S`, "m"));
  });

  test("refuses a name that is none, and says which there are", () => {
    const { status, stderr } = run("building", "nonsense");
    assert.equal(status, 2);
    assert.match(stderr, /^no such bench: nonsense; there are: .*\bbuilding\b.*, and all\n$/);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runScript } from "../../e2e/process.ts";

const run = (...words: string[]) => runScript("tests/e2e/soak/run.ts", ...words);

describe("`npm run soak`", () => {
  test("tells with --help how it is used, and lets nothing go wrong", () => {
    const { status, stdout, stderr } = run("--help");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^npm run soak -- \[--seconds 3600\]/);
  });

  test("refuses an option that it does not know in one line", () => {
    const { status, stdout, stderr } = run("--second", "5");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.equal(stderr, "Unknown option '--second'; --help tells of all\n");
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runScript } from "../e2e/process.ts";
import { doors } from "./doors.ts";

const run = (...words: string[]) => runScript("tests/fuzz/run.ts", ...words);

describe("`npm run fuzz`", () => {
  test("tells with --help how it is used and which doors there are, and tries none", () => {
    const { status, stdout, stderr } = run("--help");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^npm run fuzz -- \[--door NAME\]/);
    assert.ok(stdout.includes(`Doors: ${doors.map(({ name }) => name).join(", ")}\n`), stdout);
    assert.doesNotMatch(stdout, /cases in/);
  });

  const refused: [string, string[], RegExp][] = [
    ["an option that it does not know", ["--rusn", "5"], /^Unknown option '--rusn'; --help tells of all\n$/],
    ["a door that is none", ["--door", "nonsense"], /^no such door: nonsense; there are: .*\bswarm\b.*\n$/],
    ["a number that is none", ["--runs", "many"], /^--runs and --seed are whole numbers\n$/],
  ];
  for (const [name, words, line] of refused)
    test(`refuses ${name} in one line`, () => {
      const { status, stdout, stderr } = run(...words);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, line);
    });
});

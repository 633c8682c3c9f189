import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readOptions } from "../options.ts";

const read = (...words: string[]) =>
  readOptions({ runs: { type: "string", default: "5" }, show: { type: "boolean", default: false } }, words);

describe("the options of a command", () => {
  test("are what is given, and what they are unless told", () => {
    assert.deepEqual({ ...Object(read("--show")) }, { runs: "5", show: true });
  });

  const refused: [string, string[], RegExp][] = [
    ["that it does not know", ["--rusn", "5"], /^Unknown option '--rusn'; --help tells of all\n$/],
    ["without its value", ["--runs"], /^Option '--runs <value>' argument missing; --help tells of all\n$/],
    ["whose value may be an option", ["--runs", "--show"], /^Option '--runs' argument is ambiguous; .*\n$/],
    ["with a value that it does not take", ["--show=1"], /^Option '--show' does not take an argument; .*\n$/],
    ["that is only a word", ["five"], /^Unexpected argument 'five'; --help tells of all\n$/],
  ];
  for (const [name, words, line] of refused)
    test(`are refused in one line for one ${name}`, () => {
      assert.match(String(read(...words)), line);
    });
});

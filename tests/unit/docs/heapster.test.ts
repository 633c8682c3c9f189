import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

const root = join(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const whole = (cell: string) => cell.replaceAll("\\|", "|").trim();

/** Rows of the tables of a page, by cells; heads and rules left out. */
const rowsOf = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| What |"))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map(whole),
    );

const audit = rowsOf(read("docs/heapster-audit.md"));

/** What is written down as different: left cells of tables, and what decisions open a sentence with. */
const differences = ["docs/heapster-differences.md", ...globSync("docs/adr/002[378]-*.md", { cwd: root })]
  .map((file) => read(file))
  .join("\n")
  .replaceAll("\\|", "|");

interface Held {
  readonly file: string;
  readonly name: string;
}

/** Tests that a row names; a file stands for all names up to the next one. */
const testsIn = (cell: string): Held[] => {
  let file = "";
  return [...cell.matchAll(/`(tests\/[^`]+)`|"([^"]+)"/g)].flatMap(([, path, name]) => {
    if (path !== undefined) file = path;
    return name === undefined ? [] : [{ file, name }];
  });
};

const differencesIn = (cell: string) =>
  [...cell.matchAll(/differs: ([^;]+)/g)].map(([, words = ""]) => words.trim());

/** Whether the file has a test, or several, whose name has these words. */
const names = ({ file, name }: Held): boolean =>
  read(file)
    .split("\n")
    .some((line) => /\btest\(/.test(line) && line.includes(name));

describe("the audit of Heapster", () => {
  test("has a test or a difference for every row", () => {
    assert.ok(audit.length > 100);
    const bare = audit.filter(([, held = ""]) => testsIn(held).length + differencesIn(held).length === 0);
    assert.deepEqual(bare, []);
  });

  test("names tests that there are", () => {
    const missing = audit
      .flatMap(([, held = ""]) => testsIn(held))
      .filter((one) => !existsSync(join(root, one.file)) || !names(one));
    assert.deepEqual(missing, []);
  });

  test("names differences that are written down", () => {
    const missing = audit
      .flatMap(([, held = ""]) => differencesIn(held))
      .filter((words) => !differences.includes(`| ${words}`) && !differences.includes(`*${words}`));
    assert.deepEqual(missing, []);
  });
});

import { globSync, readFileSync } from "node:fs";
import { parse } from "yaml";

const tests = new URL("../", import.meta.url);

/** Texts of the recorded files that a pattern below `tests/` names, in their order. */
export const recorded = (pattern: string): string[] => {
  const found = globSync(pattern, { cwd: tests.pathname }).sort();
  if (found.length === 0) throw new Error(`nothing is recorded in ${pattern}`);
  return found.map((file) => readFileSync(new URL(file, tests), "utf8"));
};

/** The same as trees. */
export const recordedTrees = (pattern: string): unknown[] =>
  recorded(pattern).map((text): unknown => parse(text));

/** Of each folder that a pattern names, two JSON files together; their shapes are the folder's own affair. */
export const recordedPairs = <One, Other>(
  pattern: string,
  [one, other]: readonly [string, string],
): [One, Other][] => {
  const folders = globSync(pattern, { cwd: tests.pathname }).sort();
  if (folders.length === 0) throw new Error(`nothing is recorded in ${pattern}`);
  const read = (folder: string, name: string) =>
    JSON.parse(readFileSync(new URL(`${folder}/${name}`, tests), "utf8"));
  return folders.map((folder) => [read(folder, one), read(folder, other)]);
};

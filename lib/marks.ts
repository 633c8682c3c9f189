import { stat } from "node:fs/promises";
import { reasonOf } from "./errors.ts";

/**
 * What tells without reading that one of these files or folders may have become another: time, size and place of each,
 * or why it cannot be seen. Two that are equal mean that nothing happened, but for what a clock tick may hide.
 */
export const marksOf = async (paths: readonly string[]): Promise<string> => {
  const marks = await Promise.all(
    paths.map((path) => stat(path).then(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`, reasonOf)),
  );
  return marks.join("\n");
};

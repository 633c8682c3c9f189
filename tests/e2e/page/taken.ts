import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the pictures in docs/screenshots are of: beside them in `taken.json`, so that a test sees when they are old. */
export interface Taken {
  /** SHA-256 of all that decides how the pictures look, but the browser. */
  readonly sources: string;
  /** Names of the pictures, without `.png`. */
  readonly pictures: readonly string[];
}

/** The page, the fleet that is made up for the pictures, and which pictures there are. */
const sources = [
  "page/**/*.{ts,tsx,css,html,json}",
  "tests/e2e/page/{screenshots,server,usageworld,world}.ts",
];

/** Of the sources as they are in this repository now. */
export const hashOfSources = (root: string): string => {
  const hash = createHash("sha256");
  const files = globSync(sources, { cwd: root, exclude: ["page/out/**"] }).sort();
  if (files.length < 50) throw new Error(`the page has ${files.length} sources only`);
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
};

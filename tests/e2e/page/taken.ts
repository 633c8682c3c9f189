import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the pictures in docs/screenshots are of: beside them in `taken.json`, so that a test sees when they are old. */
export interface Taken {
  /** SHA-256 of all that decides how the pictures look, but the browser itself and libraries. */
  readonly sources: string;
  /** By a picture's name, without `.png`, the SHA-256 of its bytes. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** The page, the fleet that is made up for the pictures, and which pictures there are. */
const sources = [
  "page/**/*.{ts,tsx,css,html,json}",
  "tests/e2e/page/{browser,screenshots,server,usageworld,world}.ts",
  "lib/scrapepool/compact.ts",
];

export const hashOfPicture = (file: string): string =>
  createHash("sha256").update(readFileSync(file)).digest("hex");

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

import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";

const root = join(import.meta.dirname, "../../..");
const read = (page: string) => readFileSync(join(root, page), "utf8");

const pages = globSync(["*.md", "lib/*.md", "docs/**/*.md"], { cwd: root }).sort();
const folders = [
  "bench",
  "cli",
  "docs",
  "functions",
  "infra",
  "lib",
  "local",
  "page",
  "supplychain",
  "tests",
];

/** What only stands where somebody has packed or run something, or what a user makes. */
const made = /^(dist|config|my)\//;

/** Files and folders of the repository that a page names, as code: `lib/tick/`, `infra/bus.yml`, `deploy.md`. */
const namedIn = (text: string): string[] =>
  [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)) || path.endsWith(".md"));

const linkedIn = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, place = ""]) => place)
    .filter((place) => !/^[a-z]+:/.test(place));

const isThere = (path: string, page: string) =>
  existsSync(join(root, path)) || existsSync(join(root, dirname(page), path));

describe("a page of the documentation", () => {
  for (const page of pages) {
    test(`${page} names only files that there are`, () => {
      const missing = namedIn(read(page)).filter((path) => !made.test(path) && !isThere(path, page));
      assert.deepEqual(missing, []);
    });

    test(`${page} has no dead link`, () => {
      const dead = linkedIn(read(page)).filter((place) => !existsSync(join(root, dirname(page), place)));
      assert.deepEqual(dead, []);
    });
  }

  test("is looked at at all, and so is what it names", () => {
    assert.ok(pages.length > 25, pages.join(", "));
    assert.ok(pages.flatMap((page) => namedIn(read(page))).length > 150);
    assert.deepEqual(namedIn("`lib/gone.ts`, `lib/tick/` and `x/y`"), ["lib/gone.ts", "lib/tick/"]);
    assert.deepEqual(linkedIn("[a](b/c.md#d) [e](https://f/) ![g](h.png)"), ["b/c.md", "h.png"]);
  });
});

test("every room of lib is in its list, and no room that is gone", () => {
  const rows = read("lib/README.md").matchAll(/^\| (`.*?) \|/gm);
  const listed = [...rows].flatMap(([, cell = ""]) => cell.match(/[a-z]+(?=\/)/g) ?? []).sort();
  const rooms = globSync("lib/*/", { cwd: root }).map((path) => path.replaceAll(/^lib\/|\/$/g, ""));
  assert.deepEqual(listed, rooms.sort());
});

import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { anchorsOf, isOutside, type Link, linksIn } from "../../docs/links.ts";

const root = join(import.meta.dirname, "../../..");
const read = (page: string) => readFileSync(join(root, page), "utf8");

const exclude = ["**/node_modules/**", ".rollcall/**", "dist/**"];
const all = globSync("**/*.md", { cwd: root, exclude }).sort();
/** Notes of changes tell of their day. */
const pages = all.filter((page) => !page.startsWith("changes/"));
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

const isThere = (path: string, page: string) =>
  existsSync(join(root, path)) || existsSync(join(root, dirname(page), path));

/** Why a link of a page leads nowhere; undefined when it does not. */
const deadness = (page: string, { place, anchor }: Link): string | undefined => {
  if (isOutside(place)) return formOf(place);
  const file = place === "" ? page : join(dirname(page), place);
  if (!existsSync(join(root, file))) return `${place}: no such file`;
  if (anchor === "" || anchorsOf(read(file)).has(anchor)) return undefined;
  return `${place}#${anchor}: no such heading`;
};

/** Nobody is asked: a test that goes out fails with others. */
const formOf = (address: string): string | undefined => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isGood = url?.protocol === "https:" && url.hostname.includes(".") && url.username === "";
  return isGood ? undefined : `${address}: no https:// address`;
};

describe("a page of the documentation", () => {
  for (const page of pages) {
    test(`${page} names only files that there are`, () => {
      const missing = namedIn(read(page)).filter((path) => !made.test(path) && !isThere(path, page));
      assert.deepEqual(missing, []);
    });
  }

  for (const page of all) {
    test(`${page} has no dead link`, () => {
      const dead = linksIn(read(page)).flatMap((link) => deadness(page, link) ?? []);
      assert.deepEqual(dead, []);
    });
  }

  test("is looked at at all, and so is what it names", () => {
    assert.ok(pages.length > 25, pages.join(", "));
    assert.ok(pages.flatMap((page) => namedIn(read(page))).length > 150);
    assert.deepEqual(namedIn("`lib/gone.ts`, `lib/tick/` and `x/y`"), ["lib/gone.ts", "lib/tick/"]);
    assert.ok(all.flatMap((page) => linksIn(read(page))).length > 8);
  });

  test("is searched for links of every form", () => {
    const text =
      "[a](b/c.md#d) [e](https://f.g/#h) ![i](j.png 'k') <https://l.m> <a href=\"n.md\">\n[o]: p.md\n`[q](r)`";
    assert.deepEqual(
      linksIn(text).map(({ place, anchor }) => `${place} ${anchor}`.trim()),
      ["b/c.md d", "https://f.g/#h", "j.png", "https://l.m", "n.md", "p.md"],
    );
    assert.deepEqual([...anchorsOf("# A `b` c!\n## [D](e) f_g\n## A b c\n")], ["a-b-c", "d-f_g", "a-b-c-1"]);
    assert.deepEqual(
      ["gone.md", "README.md#gone", "#gone", "http://a.b", "https://a"].map((whole) => {
        const [link] = linksIn(`[x](${whole})`);
        return link && deadness("README.md", link) !== undefined;
      }),
      [true, true, true, true, true],
    );
  });

  test("is what else points into the documentation: alerts, the OpenAPI document, and what the program says", () => {
    const sources = globSync(["{cli,docs,functions,infra,lib,local,page}/**/*.{ts,tsx,mjs,yml,json}"], {
      cwd: root,
      exclude,
    });
    const pointed = sources.flatMap((file) =>
      [
        ...read(file).matchAll(/(?<![\w/.-]|https:\S+ \()docs\/[\w./-]+\.(?:md|yml|yaml|json)(?:#[\w-]+)?/g),
      ].map(([place]) => ({
        file,
        place,
      })),
    );
    assert.ok(pointed.length > 15, String(pointed.length));
    const dead = pointed.flatMap(({ file, place }) => {
      const why = deadness("README.md", linksIn(`[x](${place})`)[0] ?? { place, anchor: "" });
      return why === undefined ? [] : [`${file}: ${why}`];
    });
    assert.deepEqual(dead, []);
  });
});

test("every room of lib is in its list, and no room that is gone", () => {
  const rows = read("lib/README.md").matchAll(/^\| (`.*?) \|/gm);
  const listed = [...rows].flatMap(([, cell = ""]) => cell.match(/[a-z]+(?=\/)/g) ?? []).sort();
  const rooms = globSync("lib/*/", { cwd: root }).map((path) => path.replaceAll(/^lib\/|\/$/g, ""));
  assert.deepEqual(listed, rooms.sort());
});

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");

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

/**
 * Files and folders of the repository that a page names as code, paragraph by paragraph: whole (`lib/tick/`, `infra/bus.yml`, `deploy.md`), or
 * short (`list.ts`, `watch/`).
 */
export const namesIn = (text: string): string[][] =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) =>
      [...paragraph.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
        .map(([, name = ""]) => name)
        .filter((name) => (isWhole(name) || isShort(name)) && !made.test(name)),
    );

const isWhole = (name: string) =>
  name.endsWith(".md") || folders.some((folder) => name.startsWith(`${folder}/`));

const isShort = (name: string) => /^[a-z][\w.-]*(\/[\w.-]+)*(\.tsx?|\/)$/.test(name);

/** The names of a page that lead nowhere: a short one stands beside what its paragraph named just before, or named whole. */
export const missingIn = (page: string, text: string): string[] =>
  namesIn(text).flatMap((names) => missingOf(names, page));

const missingOf = (names: readonly string[], page: string): string[] => {
  let near: readonly string[] = [];
  return names.filter((name) => {
    const here = firstThere(name, ["", dirname(page)]);
    const there = here ?? (isShort(name) ? firstThere(name, near) : undefined);
    if (there === undefined) return true;
    const folder = name.endsWith("/") ? there : dirname(there);
    near = here === undefined ? [folder, ...near.slice(-1)] : [folder];
    return false;
  });
};

const firstThere = (name: string, places: readonly string[]) =>
  places.map((place) => join(place, name)).find((path) => existsSync(join(root, path)));

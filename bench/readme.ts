import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "../tests/e2e/process.ts";
import { chartOf } from "./support/chart.ts";
import { figuresPage } from "./support/figurespage.ts";
import { readGaps } from "./support/gaps.ts";
import { readmeFigures } from "./support/readmefigures.ts";
import { readResults } from "./support/result.ts";

/** Every document that is made of `bench/results/`, by its path in the repository. */
export const documents = (): Map<string, string> => {
  const [results, gaps] = [readResults(), readGaps()];
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  return new Map([
    ["README.md", withFigures(readme, readmeFigures(results, gaps))],
    ["docs/figures.md", figuresPage(results, gaps)],
    ...results.map((result): [string, string] => [`docs/bench/${result.bench}.svg`, chartOf(result)]),
  ]);
};

export const writeDocuments = (): void => {
  for (const [path, text] of documents()) {
    const file = join(repository, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
};

const [begin, end] = ["<!-- figures: node bench/readme.ts -->", "<!-- end of figures -->"];

/** Without results what stood there stays. */
const withFigures = (page: string, figures: string | undefined): string => {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} with ${end} after it`);
  if (figures === undefined) return page;
  return `${page.slice(0, from)}${begin}\n${figures}${page.slice(to)}`;
};

if (import.meta.main) writeDocuments();

import { type Committed, mostGrowth, type Sizes } from "./bundles.ts";

/** Who waits while a function starts. */
const waiting: Readonly<Record<string, string>> = {
  adapt: "an autoscaler, which asks again after 15 s",
  collect: "nobody; a cycle begins that much later",
  discover: "nobody; a look ends that much later",
  model: "whoever asks Heapster's API, or looks at metrics on the page",
  reduce: "a change that is the first one after a pause",
  relay: "nobody: its forerunner goes on until it has taken over",
  relist: "nobody",
  serve: "a scraper or a person who is the first one after a pause",
  tick: "a reload; otherwise nobody",
};

/** The rows of docs/cold-start.md: for each function what it may load at its start, and who waits for that. */
export const budgetTable = (committed: Committed): string =>
  [
    "| Function | Code at its start | in files | of Node's modules | Who waits |",
    "|---|---|---|---|---|",
    ...Object.entries(committed).map(([name, sizes]) => {
      const most = (key: keyof Sizes) => Math.floor(sizes[key] * mostGrowth);
      const cells = [`${Math.floor(most("startBytes") / 1000)} kB`, most("startFiles"), most("nodeModules")];
      return `| \`${name}\` | ${cells.join(" | ")} | ${waiting[name] ?? ""} |`;
    }),
    "",
  ].join("\n");

/** The page with another table in place of its own. */
export const withTable = (page: string, committed: Committed): string =>
  page.replace(/^\| Function \|(?:.*\n)(?:\|.*\n)+/m, () => budgetTable(committed));

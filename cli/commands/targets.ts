import { type Command, type Given, type Io, UsageError } from "../command.ts";
import { writeAnswer } from "../output/answer.ts";
import { labelsText } from "../output/labels.ts";
import { withProgress } from "../output/progress.ts";
import { table } from "../output/table.ts";
import { pages } from "../server/pages.ts";
import { type Server, serverOf } from "../server/server.ts";
import { type FoundTarget, searchAnswer } from "../server/shapes.ts";

const states = ["active", "dropped", "failed", "duplicate", "any"];

/** `rollcall targets`: what there is to scrape, and what is not scraped and why. */
export const targets: Command = {
  name: "targets",
  summary: "list targets with their final labels",
  options: {
    job: { kind: "text", value: "JOB", about: "of this job only" },
    match: {
      kind: "texts",
      value: "SELECTOR",
      about: `such as '{namespace="shop"}'; may be given several times`,
    },
    state: {
      kind: "text",
      value: "STATE",
      values: states,
      about: "active (unless given), dropped, failed, duplicate, any",
    },
    limit: { kind: "text", value: "NUMBER", about: "at most so many" },
  },
  details:
    "Lists targets as the job's rules leave them. A selector may name discovered and final labels. Dropped targets show the\nrule that dropped them, failed ones what is wrong with them.",
  run: async (given, io) => {
    const server = await serverOf(given, io);
    const found = await withProgress(io, (tell) => search(server, given, tell));
    writeAnswer({ given, io }, { targets: found }, () => asTable(found, io));
    return 0;
  },
};

const search = async (server: Server, given: Given, tell: (text: string) => void) => {
  const most = limitIn(given.text("limit"));
  const query = {
    job: given.text("job"),
    "match[]": given.texts("match"),
    state: given.text("state") ?? "active",
    limit: String(Math.min(most, pageSize)),
  };
  const found: FoundTarget[] = [];
  for await (const page of pages(server, { path: "api/v1/search", query, shape: searchAnswer })) {
    found.push(...page.targets);
    if (found.length >= most) break;
    tell(`${found.length} targets`);
  }
  return found.slice(0, most);
};

const pageSize = 1000;

/** A whole number above zero; absent: no limit. */
export const limitIn = (text: string | undefined): number => {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--limit ${text}: expected a whole number from 1`);
  return Number(text);
};

const asTable = (found: readonly FoundTarget[], io: Io): string => {
  const rows = found.map(({ job, state, scrapeUrl, discoveredLabels, labels, reason }) => [
    job,
    state,
    scrapeUrl || (discoveredLabels.__address__ ?? ""),
    reason || labelsText(labels),
  ]);
  const isQuiet = found.every(({ state }) => state === "active");
  return table(["JOB", "STATE", "TARGET", isQuiet ? "LABELS" : "LABELS OR REASON"], rows, io.out);
};

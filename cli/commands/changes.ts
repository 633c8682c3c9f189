import { parseDuration } from "../../lib/config/duration.ts";
import { momentForms, momentIn } from "../../lib/serve/time.ts";
import { type Command, type Given, type Io, UsageError } from "../command.ts";
import { writeAnswer } from "../output/answer.ts";
import { table } from "../output/table.ts";
import { pages } from "../server/pages.ts";
import { type Server, serverOf } from "../server/server.ts";
import { changesAnswer, type ToldChange } from "../server/shapes.ts";
import { limitIn } from "./targets.ts";

/** `rollcall changes`: who came, who went, and when. */
export const changes: Command = {
  name: "changes",
  summary: "list what was added, changed and removed, the newest first",
  options: {
    job: { kind: "text", value: "JOB", about: "of this job only" },
    source: { kind: "text", value: "SOURCE", about: "of this group only, such as pod/shop/web-1" },
    since: {
      kind: "text",
      value: "TIME",
      about: "a time, or how long ago: 2026-11-23T04:00:00Z, 1795406400, 90m",
    },
    until: { kind: "text", value: "TIME", about: "likewise; now unless given" },
    limit: { kind: "text", value: "NUMBER", about: `at most so many, ${100} unless given` },
  },
  details: "Lists the changes that Rollcall has kept (seven days, unless its settings say otherwise).",
  run: async (given, io) => {
    const server = await serverOf(given, io);
    const most = limitIn(given.text("limit") ?? "100");
    const { found, isCut } = await read(server, { given, io, most });
    writeAnswer({ given, io }, { changes: found }, () => asTable(found, io));
    if (isCut) io.err.write(`There are more than ${most}; --limit NUMBER shows them.\n`);
    return 0;
  },
};

const read = async (server: Server, { given, io, most }: { given: Given; io: Io; most: number }) => {
  const query = {
    job: given.text("job"),
    source: given.text("source"),
    since: momentOf("--since", given.text("since"), io),
    until: momentOf("--until", given.text("until"), io),
    limit: String(Math.min(most, pageSize)),
  };
  const found: ToldChange[] = [];
  for await (const page of pages(server, { path: "api/v1/changes", query, shape: changesAnswer })) {
    found.push(...page.changes);
    if (found.length > most || (found.length === most && page.cursor)) {
      return { found: found.slice(0, most), isCut: true };
    }
  }
  return { found, isCut: false };
};

const pageSize = 500;

/** As the server takes it; a duration counts back from now. */
const momentOf = (what: string, text: string | undefined, { clock }: Io): string | undefined => {
  if (text === undefined) return undefined;
  const moment = momentIn(text);
  if (moment !== undefined) return new Date(moment).toISOString();
  const ago = parseDuration(text);
  if ("error" in ago)
    throw new UsageError(`${what} ${text}: expected ${momentForms}, or a duration such as 90m`);
  return new Date(Math.max(0, clock.now() - ago.milliseconds)).toISOString();
};

const asTable = (found: readonly ToldChange[], io: Io): string =>
  table(
    ["TIME", "CHANGE", "SOURCE", "JOBS", "TARGETS", "LABELS"],
    found.map(({ at, change, source, jobs, targetsBefore, targetsAfter, labels }) => [
      at,
      change,
      source,
      jobs.join(", "),
      `${targetsBefore} → ${targetsAfter}`,
      [
        ...labels.added.map((name) => `+${name}`),
        ...labels.removed.map((name) => `-${name}`),
        ...labels.changed.map((name) => `~${name}`),
      ].join(" "),
    ]),
    io.out,
  );

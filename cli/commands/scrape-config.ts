import { readFile } from "node:fs/promises";
import { parseConfiguration } from "../../lib/config/parse.ts";
import { reasonOf } from "../../lib/errors.ts";
import { parseShard } from "../../lib/httpsd/shard.ts";
import { type Command, type Io, UsageError } from "../command.ts";
import { defaultServer } from "../common.ts";
import { clean } from "../output/clean.ts";
import { forAlloy } from "../scrapeconfig/alloy.ts";
import { jobsIn, rewrittenRoot, type Source } from "../scrapeconfig/jobs.ts";
import { forOtel } from "../scrapeconfig/otel.ts";
import { type TreeMap, treeOf } from "../scrapeconfig/tree.ts";
import { forVmagent } from "../scrapeconfig/vmagent.ts";
import { yamlText } from "../scrapeconfig/yaml.ts";
import { serverUrl } from "../server/server.ts";

const scrapers = ["prometheus", "vmagent", "alloy", "otel"];

/** `rollcall scrape-config`: the user's own configuration, with Rollcall in place of its discovery. */
export const scrapeConfig: Command = {
  name: "scrape-config",
  summary: "rewrite a prometheus.yml so that a scraper asks Rollcall for its targets",
  options: {
    config: { kind: "text", value: "FILE", isFile: true, about: "the prometheus.yml; needed" },
    for: {
      kind: "text",
      value: "SCRAPER",
      values: scrapers,
      about: `${scrapers.join(", ")}; prometheus unless given`,
    },
    server: {
      kind: "text",
      value: "URL",
      about: `Rollcall as the scraper reaches it; ROLLCALL_SERVER, else ${defaultServer}`,
    },
    "token-file": {
      kind: "text",
      value: "FILE",
      isFile: true,
      about: "where the scraper finds its token; it is not read here",
    },
    relabelled: {
      kind: "flag",
      about: "let Rollcall apply relabel_configs: far fewer bytes, and the scraper has no such rules",
    },
    shard: { kind: "text", value: "I/N", about: "only part I of N, counted from 0, for one of N scrapers" },
  },
  details:
    "Writes the configuration to standard output with each job's discovery blocks replaced by one list of Rollcall; all else\nof the job stays, secrets too. Jobs with static targets only stay as they are. What a scraper cannot do is left out and\nsaid on standard error. Comments are lost, and relative paths are as before.",
  isPlain: true,
  asksNobody: true,
  run: async (given, io) => {
    const file = given.text("config");
    if (file === undefined) throw new UsageError("scrape-config needs --config FILE");
    const scraper = given.text("for") ?? "prometheus";
    const source = {
      server: serverUrl(
        "--server",
        given.text("server") ?? (io.environment.ROLLCALL_SERVER || defaultServer),
      ),
      tokenFile: given.text("token-file"),
      // vmagent has one interval for all lists, a flag.
      refreshInterval: scraper === "vmagent" ? undefined : "15s",
      isRelabelled: given.flag("relabelled"),
      shard: shardIn(given.text("shard")),
    };
    const { text, notes } = await convert(file, scraper, source);
    io.out.write(text);
    tell(io, notes);
    return 0;
  },
};

const shardIn = (text: string | undefined): Source["shard"] => {
  if (text === undefined) return undefined;
  const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const parsed = parseShard(index, of);
  if (index === undefined) throw new UsageError(`--shard ${text}: expected I/N, such as 0/4`);
  if ("error" in parsed) throw new UsageError(`--shard ${text}: ${parsed.error}`);
  return parsed.shard;
};

interface Converted {
  readonly text: string;
  readonly notes: readonly string[];
}

const convert = async (path: string, scraper: string, source: Source): Promise<Converted> => {
  const file = { path, text: await textIn(path) };
  const { configuration } = parseConfiguration({ main: file, jobFiles: [] });
  const root = treeOf(file);
  const included = root.has("scrape_config_files") ? [inclusionNote] : [];
  if (scraper === "alloy") {
    const { text, notes } = forAlloy(jobsIn(root), configuration.jobs, source);
    return { text, notes: [...included, ...notes] };
  }
  const { root: next, left } = rewrittenRoot(root, source);
  const { root: last, notes } = shapes[scraper]?.(next) ?? { root: next, notes: [] };
  const stayed = left.length === 0 ? [] : [`static targets only, left as they are: ${left.join(", ")}`];
  return { text: yamlText(last), notes: [...included, ...stayed, ...notes] };
};

const inclusionNote =
  "jobs in scrape_config_files are not rewritten here: give each of those files as --config";

const shapes: Readonly<Record<string, (root: TreeMap) => { root: TreeMap; notes: readonly string[] }>> = {
  vmagent: forVmagent,
  otel: forOtel,
};

const textIn = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new UsageError(`--config ${path}: ${reasonOf(cause)}`, { cause });
  }
};

const tell = ({ err }: Io, notes: readonly string[]) => {
  for (const note of notes) err.write(`${clean(note)}\n`);
};

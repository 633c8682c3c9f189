import { extname } from "node:path";
import { parseDuration } from "../../lib/config/duration.ts";
import { reasonOf } from "../../lib/errors.ts";
import { type Command, type Given, type Io, UsageError } from "../command.ts";
import { clean } from "../output/clean.ts";
import { pause } from "../pause.ts";
import { replaceFile } from "../replacefile.ts";
import { type Server, serverOf } from "../server/server.ts";
import { listAnswer } from "../server/shapes.ts";

/** `rollcall file-sd`: a list for scrapers that read files only. */
export const fileSd: Command = {
  name: "file-sd",
  summary: "keep a file_sd file up to date with a job's list",
  options: {
    job: { kind: "text", value: "JOB", about: "whose list; needed" },
    out: { kind: "text", value: "FILE", isFile: true, about: "a .json file, or .yml or .yaml; needed" },
    interval: { kind: "text", value: "DURATION", about: "between two questions, 30s unless given" },
    once: { kind: "flag", about: "ask once and end; with 2 when there was no answer" },
  },
  details:
    "Writes the job's HTTP SD list to a file that file_sd_configs can name, in one stroke, so that nobody reads half a list.\nWithout an answer the file stays as it is. Runs until it is stopped.",
  isPlain: true,
  run: async (given, io) => {
    const job = needed(given, "job");
    const file = needed(given, "out");
    if (![".json", ".yml", ".yaml"].includes(extname(file)))
      throw new UsageError(`--out ${file}: file_sd_configs reads .json, .yml and .yaml only`);
    const interval = intervalIn(given.text("interval") ?? "30s");
    const follower = follow(await serverOf(given, io), { job, file });
    if (given.flag("once")) {
      await follower();
      return 0;
    }
    await keepUp(follower, { io, interval, file });
    return 0;
  },
};

const needed = (given: Given, name: string): string => {
  const text = given.text(name);
  if (text === undefined) throw new UsageError(`file-sd needs --job JOB and --out FILE`);
  return text;
};

const intervalIn = (text: string): number => {
  const parsed = parseDuration(text);
  if ("error" in parsed) throw new UsageError(`--interval ${text}: ${parsed.error}`);
  if (parsed.milliseconds < 1000 || parsed.milliseconds > 24 * 3_600_000) {
    throw new UsageError(`--interval ${text}: expected 1s to 1d`);
  }
  return parsed.milliseconds;
};

/** Asks once, and writes what is new. Throws when there is no good list; the file is then as it was. */
const follow = (server: Server, { job, file }: { job: string; file: string }) => {
  const path = `sd/${encodeURIComponent(job)}`;
  let tag: string | undefined;
  return async (): Promise<number | undefined> => {
    const answer = await server.fetch(path, tag === undefined ? {} : { "if-none-match": tag });
    if (answer.status === 304) return undefined;
    if (answer.status !== 200) throw new Error(server.refusal(path, answer));
    const list = listIn(answer.text, `${server.url}/${path}`);
    await replaceFile(file, `${JSON.stringify(list, undefined, 1)}\n`);
    tag = answer.etag;
    return list.reduce((sum, { targets }) => sum + targets.length, 0);
  };
};

const listIn = (text: string, place: string) => {
  try {
    return listAnswer
      .parse(JSON.parse(text))
      .map(({ targets, labels }) => ({ targets, labels: labels ?? {} }));
  } catch (cause) {
    throw new Error(`${place}: no HTTP SD list`, { cause });
  }
};

/** Tells when it begins to fail and when it goes again, and not each time. */
const keepUp = async (
  follower: () => Promise<number | undefined>,
  { io, interval, file }: { io: Io; interval: number; file: string },
) => {
  let failure = "";
  while (!io.stopped.aborted) {
    try {
      const count = await follower();
      if (count !== undefined) io.err.write(`${clean(file)}: ${count} targets\n`);
      else if (failure !== "") io.err.write(`${clean(file)}: the server answers again\n`);
      failure = "";
    } catch (thrown) {
      if (io.stopped.aborted) return;
      const reason = clean(reasonOf(thrown));
      if (reason !== failure) io.err.write(`${clean(file)} stays as it is: ${reason}\n`);
      failure = reason;
    }
    await pause(io, interval);
  }
};

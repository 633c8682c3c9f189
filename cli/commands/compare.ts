import { parseDuration } from "../../lib/config/duration.ts";
import { type Command, type Given, type Io, UsageError } from "../command.ts";
import { type Compared, type Difference, differencesOf } from "../compare/differences.ts";
import { ourTargets, theirTargets } from "../compare/sides.ts";
import { writeAnswer } from "../output/answer.ts";
import { clean } from "../output/clean.ts";
import { labelsText } from "../output/labels.ts";
import { withProgress } from "../output/progress.ts";
import { paint } from "../output/table.ts";
import { pause } from "../pause.ts";
import { connect, type Server, serverOf, serverUrl } from "../server/server.ts";
import { poolsAnswer } from "../server/shapes.ts";
import { limitIn } from "./targets.ts";

/** `rollcall compare`: whether a Prometheus that discovers by itself has the same targets. */
export const compare: Command = {
  name: "compare",
  summary: "compare the targets with those of a running Prometheus",
  options: {
    prometheus: { kind: "text", value: "URL", about: "the Prometheus; needed" },
    "prometheus-token-file": {
      kind: "text",
      value: "FILE",
      isFile: true,
      about: "a file with its bearer token",
    },
    job: {
      kind: "texts",
      value: "JOB",
      about: "only this job; may be given several times. All of ours unless given",
    },
    wait: {
      kind: "text",
      value: "DURATION",
      about: "ask again until both agree, at most so long; 15s unless given",
    },
    limit: { kind: "text", value: "NUMBER", about: "differences shown of each job, 10 unless given" },
  },
  details:
    "Compares every job of Rollcall with the job of that name in Prometheus: the discovered labels of all targets, active and\ndropped, without labels that only one side's version knows. Ends with 1 when something differs, with 2 when there is nothing to compare.",
  run: async (given, io) => {
    const url = given.text("prometheus");
    if (url === undefined) throw new UsageError("compare needs --prometheus URL");
    const prometheus = await connect({
      url: serverUrl("--prometheus", url),
      tokenFile: given.text("prometheus-token-file"),
      stopped: io.stopped,
    });
    const sides = { ours: await serverOf(given, io), prometheus };
    const most = limitIn(given.text("limit") ?? "10");
    const jobs = await withProgress(io, (tell) => untilEqual(sides, { given, io, tell }));
    writeAnswer({ given, io }, { jobs }, () => jobs.map((job) => asText(job, { io, most })).join(""));
    if (!jobs.every(isEqual)) return 1;
    if (jobs.some(({ equal }) => equal > 0)) return 0;
    io.err.write("rollcall: nothing was compared: neither side has a target\n");
    return 2;
  },
};

interface Sides {
  readonly ours: Server;
  readonly prometheus: Server;
}

type ComparedJob = Compared & { readonly job: string };

const isEqual = ({ differences }: ComparedJob) => differences.length === 0;

interface Way {
  readonly given: Given;
  readonly io: Io;
  readonly tell: (text: string) => void;
}

/** Both sides learn of a change in their own time, so a difference counts when it stays. */
const untilEqual = async (sides: Sides, { given, io, tell }: Way): Promise<ComparedJob[]> => {
  const wait = parseDuration(given.text("wait") ?? "15s");
  if ("error" in wait) throw new UsageError(`--wait ${given.text("wait")}: ${wait.error}`);
  const deadline = io.clock.now() + wait.milliseconds;
  const jobs = await jobsIn(sides.ours, given.texts("job"));
  const done: ComparedJob[] = [];
  for (const job of jobs) {
    for (;;) {
      tell(`job ${clean(job)}`);
      const [ours, theirs] = [await ourTargets(sides.ours, job), await theirTargets(sides.prometheus, job)];
      const compared = { job, ...differencesOf(ours, theirs) };
      const isLate = io.clock.now() >= deadline || io.stopped.aborted;
      if (isEqual(compared) || isLate) {
        done.push(compared);
        break;
      }
      await pause(io, between);
    }
  }
  return done;
};

const between = 1000;

const jobsIn = async (server: Server, asked: readonly string[]): Promise<readonly string[]> => {
  const { scrapePools } = await server.get("api/v1/scrape_pools", {}, poolsAnswer);
  const known = scrapePools ?? [];
  if (known.length === 0) throw new Error(`${server.url} shows no job: there is nothing to compare`);
  const unknown = asked.find((job) => !known.includes(job));
  if (unknown !== undefined)
    throw new UsageError(`--job ${unknown}: there is no such job; there are ${known.join(", ")}`);
  return asked.length > 0 ? asked : known;
};

const asText = (compared: ComparedJob, { io, most }: { io: Io; most: number }): string => {
  const { job, equal, differences, ignored } = compared;
  const { good, bad } = paint(io);
  const verdict = differences.length === 0 ? good("equal") : bad(`${differences.length} differences`);
  const note = ignored.length === 0 ? "" : `, without ${ignored.length} labels that only one version knows`;
  const shown = differences.slice(0, most).map((difference) => `  ${lineOf(difference)}\n`);
  const more = differences.length > most ? `  and ${differences.length - most} more (--limit NUMBER)\n` : "";
  return `${clean(job)}: ${verdict}, ${equal} targets alike${note}\n${shown.join("")}${more}`;
};

const lineOf = (difference: Difference): string => {
  if (difference.kind !== "labels") {
    return clean(`${difference.kind}: ${difference.address} ${labelsText(difference.labels, { all: true })}`);
  }
  const labels = difference.labels.map(
    ({ name, ours, theirs }) => `${name}: ours ${said(ours)}, theirs ${said(theirs)}`,
  );
  return clean(`${difference.address}: ${labels.join("; ")}`);
};

const said = (value: string | undefined) => (value === undefined ? "none" : JSON.stringify(value));

import type { FaultReport, Growth, SoakReport } from "./report.ts";

/** `docs/reliability.md` of some runs. */
export const reliabilityPage = (runs: readonly SoakReport[]): string =>
  [
    "# What goes wrong, and what was promised for it\n",
    ...runs.map(head),
    table(together(runs).filter(({ tried, late }) => tried > 0 || late > 0)),
    ...runs.flatMap(memory),
    letters(runs.flatMap((run) => run.letters)),
    "## What was promised\n\nThe numbers are those of the promises above.\n",
    `${Object.entries(promises)
      .map(([number, { text }]) => `${number}. ${text}`)
      .join("\n")}\n`,
  ].join("\n");

/** Of each kind what became of it in all runs. */
const together = (runs: readonly SoakReport[]): FaultReport[] =>
  [
    ...Map.groupBy(
      runs.flatMap(({ faults }) => faults),
      ({ where, name }) => `${where}: ${name}`,
    ).values(),
  ].map((all) => ({
    ...all[0]!,
    tried: sum(all.map(({ tried }) => tried)),
    hit: sum(all.map(({ hit }) => hit)),
    late: sum(all.map(({ late }) => late)),
    longest: Math.max(...all.map(({ longest }) => longest)),
  }));

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What the design's fourth part promises, whole and in few words. */
const promises: Readonly<Record<string, { readonly text: string; readonly short: string }>> = {
  1: {
    text: "Any order, repetition or delay of the same events ends in the same pool.",
    short: "ends in the same lists",
  },
  2: {
    text: "A late event never undoes a newer one and never revives a group that the pool saw removed; of two holders of one lease the later wins.",
    short: "undoes and revives nothing",
  },
  3: {
    text: "A failed, partial or refused look publishes nothing for what it covers: the last known good stays.",
    short: "takes nothing away",
  },
  4: {
    text: "A complete list that would remove too much has its removals held until a later look says the same.",
    short: "removals are held until confirmed",
  },
  5: {
    text: "Whatever a crash or a lost event left wrong is repaired at most five minutes later under a relay, at the next look otherwise.",
    short: "repaired within 5 minutes",
  },
  6: {
    text: "A message that can never be applied becomes a dead letter with its reason; its neighbours are applied.",
    short: "dead letters with reasons",
  },
};

const head = (report: SoakReport) => {
  const { load, seed, seconds, only, pace, changes, lists, refused, starts, repaired, violations, faults } =
    report;
  const { commit, perSecond } = report;
  const tried = sum(faults.map((fault) => fault.tried));
  const outcome =
    violations.length === 0
      ? "No promise was broken: no list lost or revived a source."
      : `**Promises were broken ${violations.length} times:**\n\n${violations.map((line) => `- ${line}\n`).join("")}`;
  const some = only === undefined ? "" : ` --only ${JSON.stringify(only)}`;
  return `\`npm run soak -- --seconds ${seconds} --seed ${seed} --pace ${pace}${some} --table docs/reliability.md\` on ${report.began.slice(0, 10)}, of ${commit}: ${report.machine};
on average ${load} processes wanted its processors. For ${duration(seconds)} two clusters changed ${perSecond} times a second together (${thousands(changes)} changes in all), one followed
by a relay and one looked at by schedule, while one thing after the other went wrong, ${thousands(tried)} times. Starts of the program: ${starts}. Every list was read all the time,
${thousands(lists)} times (${thousands(refused)} more reads were refused or found nobody), and held against what the API servers had. ${outcome}
When the faults were over, with events lost to the last second, every list was right after ${repaired} s.
`;
};

const table = (faults: readonly FaultReport[]) =>
  [
    "A source counts as late once a list was wrong about it for more than 5 s, or for more than 15 s where the schedule looks; whose fault it was is",
    "told by the time at which it began. What was late without any fault, since the machine had other things to do, has a row of its own, if there was any.",
    "*Hit* counts requests, events, watches or processes. Only clusters are discovered here: what goes wrong with a Swarm, a Docker engine, a kubelet or",
    "a Prometheus is tried in the suites of their own.\n",
    "| Where | What went wrong | Tried | Hit | Promised | Seen |",
    "|---|---|---:|---:|---|---|",
    ...faults.map(
      (fault) =>
        `| ${fault.where} | ${fault.name} | ${fault.tried || "–"} | ${thousands(fault.hit)} | ${promised(fault)} | ${seen(fault)} |`,
    ),
    "",
  ].join("\n");

const promised = ({ promises: numbers }: FaultReport) =>
  numbers.map((number) => `${promises[number]?.short} (${number})`).join("; ");

const seen = ({ late, longest }: FaultReport) =>
  late === 0 ? "nothing late" : `${thousands(late)} sources late, the longest ${longest} s`;

const memory = ({ measured, overgrown }: SoakReport): string[] => {
  if (measured === undefined) return [];
  const { seconds, resident, table, own, reserved, heap, files } = measured;
  const grew = overgrown.map((line) => `**${line}.**\n`);
  const row = (name: string, unit: string, { first, last, perHour, later, most }: Growth) =>
    `| ${name} | ${[first, last, perHour, later, most].map((value) => `${value}${unit}`).join(" | ")} |`;
  return [
    `## Memory and open files\n\nOf the program's last life, the ${duration(seconds)} after three minutes to warm up, with every fault but restarts going on. The heap is measured`,
    "after a collection. The embedded table is in the same process: its files grow by the history of all that changes, but",
    "no more than about 64 MiB of them are mapped, and the kernel takes such pages back when others need the room.\n",
    "| | At first | At last | Growth in an hour | In an hour, of the second half alone | Allowed in an hour |",
    "|---|---:|---:|---:|---:|---:|",
    row("resident", " MB", resident),
    row("of that the table's mapped files", " MB", table),
    row("of that not of mapped files", " MB", own),
    row("of this V8's heaps, in use or not", " MB", reserved),
    row("heap, in use", " MB", heap),
    row("open files", "", files),
    "",
    ...grew,
  ];
};

const letters = (all: SoakReport["letters"]) => {
  const rows = all.map(({ queue, because, count }) => `| ${queue} | ${count} | ${because} |`);
  const none = "There were no letters.\n";
  return [
    "## Dead letters\n\nEach letter was matched to what caused it; one that nothing explains fails the run.\n",
    rows.length === 0 ? none : ["| Queue | Letters | Because |", "|---|---:|---|", ...rows, ""].join("\n"),
  ].join("\n");
};

const thousands = (value: number) => value.toLocaleString("en-US");

const duration = (seconds: number) =>
  seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;

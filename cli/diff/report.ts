import type { LabelSet } from "../../lib/targetgroup/targetgroup.ts";
import type { Io } from "../command.ts";
import { clean } from "../output/clean.ts";
import { labelsText } from "../output/labels.ts";
import { paint, table } from "../output/table.ts";
import type { DiffedJob } from "./diff.ts";
import type { Relabelled } from "./difference.ts";

/** The differences for people: a row a job, then what became of whom, at most `most` lines of a kind in a job. */
export const diffText = (jobs: readonly DiffedJob[], { io, most }: { io: Io; most: number }): string => {
  const rows = jobs.map(({ job, kind, before, after, gained, lost, relabelled, unknown }) => [
    job,
    kind,
    kind === "new" ? "–" : String(before),
    kind === "removed" ? "–" : unknown.length > 0 ? `${after} and unknown` : String(after),
    String(gained.length),
    String(lost.length),
    String(relabelled.length),
  ]);
  const heading = ["JOB", "IS", "NOW", "THEN", "GAINED", "LOST", "RELABELLED"];
  return table(heading, rows, io.out) + jobs.map((job) => detailsOf(job, { io, most })).join("");
};

const detailsOf = (job: DiffedJob, { io, most }: { io: Io; most: number }): string => {
  const { good, bad, change } = paint(io);
  const lines = [
    ...job.unknown.map((reason) => `  ? ${clean(reason)}`),
    ...(job.uncertain > 0 ? [`  ? so nobody knows whether ${job.uncertain} targets stay`] : []),
    ...shown(job.lost, most, (labels) => `  ${bad("-")} ${targetText(labels)}`),
    ...shown(job.gained, most, (labels) => `  ${good("+")} ${targetText(labels)}`),
    ...shown(job.relabelled, most, (one) => `  ${change("~")} ${relabelledText(one)}`),
    ...(job.moving > 0
      ? [`  ${job.moving} targets came, went or changed while this was read; left out`]
      : []),
  ];
  return lines.length === 0 ? "" : `\n${clean(job.job)}\n${lines.map((line) => `${line}\n`).join("")}`;
};

const shown = <Item>(items: readonly Item[], most: number, text: (item: Item) => string): string[] => [
  ...items.slice(0, most).map(text),
  ...(items.length > most ? [`    and ${items.length - most} more (--limit NUMBER)`] : []),
];

const targetText = (labels: LabelSet) => clean(`${labels.__address__ ?? ""} ${labelsText(labels)}`);

const relabelledText = ({ before, after, added, removed, changed }: Relabelled): string => {
  const parts = [
    ...added.map((name) => `+${name}=${JSON.stringify(after[name])}`),
    ...removed.map((name) => `-${name}=${JSON.stringify(before[name])}`),
    ...changed.map((name) => `${name}: ${JSON.stringify(before[name])} → ${JSON.stringify(after[name])}`),
  ];
  return clean(`${before.__address__ ?? ""} ${labelsText(before)}: ${parts.join(", ")}`);
};

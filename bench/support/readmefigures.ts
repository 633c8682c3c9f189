import { type Figure, isMet, keyOf } from "./figure.ts";
import type { Gaps } from "./gaps.ts";
import { machineLine } from "./machine.ts";
import { markdownTable } from "./markdown.ts";
import type { Result } from "./result.ts";
import { shown } from "./shown.ts";

/** The README's part: every figure that has a target, and beside each that misses it, why. Empty without results. */
export const readmeFigures = (results: readonly Result[], gaps: Gaps): string => {
  const rows = results.flatMap((result) => rowsOf(result, gaps[result.bench] ?? {}));
  if (rows.length === 0) return "";
  return `${takenOn(results)}\n\n${markdownTable([head, ...rows])}`;
};

const head = ["", "Rollcall", "Prometheus 3.5", "vmagent", "target", "met", "`npm run bench --`"];

const rowsOf = ({ bench, figures }: Result, reasons: Gaps[string]): string[][] =>
  figures
    .filter(({ target }) => target !== undefined)
    .map((figure) => {
      const cell = (value: number | undefined) => (value === undefined ? "" : shown(value, figure.unit));
      return [
        keyOf(figure),
        ...[cell(figure.ours), cell(figure.prometheus), cell(figure.vmagent)],
        ...[targetOf(figure), metOf(figure, reasons), bench],
      ];
    });

const targetOf = ({ target, floor, unit }: Figure): string =>
  `${target?.says ?? ""}${floor === undefined ? "" : ` (${shown(floor, unit)})`}`;

const metOf = (figure: Figure, reasons: Gaps[string]): string =>
  isMet(figure) ? "yes" : `no: ${reasons?.[keyOf(figure)] ?? "no reason given"}`;

/** One line for each machine that results came from. */
const takenOn = (results: readonly Result[]): string => {
  const machines = Map.groupBy(results, (result) => machineLine(result.machine));
  return [...machines]
    .map(([machine, of]) => {
      const dates = of.map(({ date }) => date).sort();
      const [first, last] = [dates[0], dates.at(-1)];
      return `${machine}; ${first === last ? first : `${first} to ${last}`}; peers in the same run, on the same work.`;
    })
    .join("\n");
};

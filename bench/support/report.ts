import { type Figure, isMet, ratioOf } from "./figure.ts";
import { machineLine } from "./machine.ts";
import type { Result } from "./result.ts";
import { number, shown } from "./shown.ts";

/** A result as text: what it was taken on, and its figures as a table. */
export const reportOf = (result: Result): string => {
  const { commit, date, load, minutes } = result;
  const facts = `${machineLine(result.machine)}\n${commit}, ${date}, load before ${load}, took ${number(minutes)} minutes`;
  return `${facts}\n${table(rowsOf(result.figures))}`;
};

/** The head and a row for each figure; columns that nothing stands in are left out. */
export const rowsOf = (figures: readonly Figure[]): string[][] => {
  const rows = [head, ...figures.map(rowOf)];
  const used = head.map((_, column) => column === 0 || rows.slice(1).some((row) => row[column] !== ""));
  return rows.map((row) => row.filter((_, column) => used[column]));
};

const head = [
  ...["", "at", "Rollcall", "least to most", "Prometheus", "vmagent", "floor", "ratio", "target", "met"],
];

const rowOf = (figure: Figure): string[] => {
  const { name, at = "", unit, ours, spread, prometheus, vmagent, floor, target } = figure;
  const cell = (value: number | undefined) => (value === undefined ? "" : shown(value, unit));
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    ...[name, at, cell(ours), spread === undefined ? "" : spread.map(cell).join(" to ")],
    ...[cell(prometheus), cell(vmagent), cell(floor), ratio === undefined ? "" : `× ${number(ratio)}`],
    ...[target?.says ?? "", met === undefined ? "" : met ? "yes" : "no"],
  ];
};

/** Rows with aligned columns. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
};

import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

/** What the figures were taken on. */
export const machine = () =>
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;

/** The middle one; of an even number the upper of the two. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The smallest value that so many per cent do not exceed. */
export const percentile = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1] ?? 0;

/** Peak resident memory of a process so far, in MB, as the kernel counts it. */
export const peakMegabytes = (pid: number): number => Math.round(memoryOf(pid, "VmHWM"));

/** Resident memory of a process now, in MB. */
export const residentMegabytes = (pid: number): number => memoryOf(pid, "VmRSS");

/** Of that what no file stands behind: pages of mapped files, such as the embedded table's, go when others need the room. */
export const ownMegabytes = (pid: number): number => memoryOf(pid, "RssAnon");

const memoryOf = (pid: number, field: "VmHWM" | "VmRSS" | "RssAnon"): number => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0) / 1024;
};

/** How much y grows with one x, by least squares. */
export const slope = (points: readonly { readonly x: number; readonly y: number }[]): number => {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const along = points.map((point) => (point.x - x) * (point.y - y));
  return mean(along) / mean(points.map((point) => (point.x - x) ** 2));
};

/** A table of rows with aligned columns. */
export const print = (rows: readonly (readonly string[])[]): void => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd()}\n`,
    );
  }
};

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
export const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

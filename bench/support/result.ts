import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod";
import { repository } from "../../tests/e2e/process.ts";
import { figure, keyOf } from "./figure.ts";
import { machine } from "./machine.ts";

/** What one run of one bench gave, as it is kept. */
export type Result = z.infer<typeof result>;

export const result = z.strictObject({
  bench: z.string().min(1),
  says: z.string().min(1),
  machine,
  commit: z.string(),
  /** YYYY-MM-DD. */
  date: z.iso.date(),
  /** Of the minute before. */
  load: z.number(),
  minutes: z.number(),
  figures: z
    .array(figure)
    .min(1)
    .refine((all) => new Set(all.map(keyOf)).size === all.length, "a figure's name and workload are its own"),
});

/** Where the figures of the documentation are: those of runs at full size. */
export const kept = join(repository, "bench/results");
/** Where a smaller or larger run's go. */
export const tried = join(repository, "bench/out");

export const writeResult = (folder: string, written: Result): string => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${written.bench}.json`);
  // Whoever reads all of them meanwhile reads none in part.
  writeFileSync(`${file}.new`, `${JSON.stringify(result.parse(written), rounded, 2)}\n`);
  renameSync(`${file}.new`, file);
  return file;
};

/** Nothing here is known more exactly. */
const rounded = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

/** Those of a folder, by name. */
export const readResults = (folder = kept): Result[] =>
  globSync("*.json", { cwd: folder })
    .sort()
    .map((file) => readResult(folder, basename(file, ".json")));

/** Throws when it is not as it should be, with its path. */
export const readResult = (folder: string, bench: string): Result => {
  const file = join(folder, `${bench}.json`);
  const read = result.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`);
  if (read.data.bench !== bench) throw new Error(`${file} is of ${read.data.bench}`);
  return read.data;
};

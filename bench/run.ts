import { spawn } from "node:child_process";
import { endedWell } from "../tests/e2e/process.ts";
import { writeDocuments } from "./readme.ts";
import { type Bench, benchNames, openBench } from "./support/benches.ts";
import { readGaps, unexplained } from "./support/gaps.ts";
import { commit, load, thisMachine } from "./support/machine.ts";
import { reportOf, table } from "./support/report.ts";
import { kept, type Result, readResults, tried, writeResult } from "./support/result.ts";
import { isFullSize } from "./support/settings.ts";

/**
 * `npm run bench`: without a name a menu of what there is; with names, or `all`, runs those one after the other, each in a process
 * of its own, prints their figures, and keeps them in `bench/results/`, from which the documentation's figures and charts are made.
 * A run whose size the environment sets goes to `bench/out/` instead.
 */
const main = async (asked: readonly string[]): Promise<number> => {
  const unknown = asked.filter((name) => name !== "all" && !benchNames.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(
      `no such bench: ${unknown.join(", ")}; there are: ${benchNames.join(", ")}, and all\n`,
    );
    return 2;
  }
  if (asked.length === 0) return menu();
  const chosen = asked.includes("all") ? benchNames : asked;
  const [only] = chosen;
  const alone = chosen.length === 1 && only !== undefined && (await flagsOf(only)).every(isSet);
  return alone ? one(only) : each(chosen);
};

const flagsOf = async (name: string) => (await openBench(name)).about.flags ?? [];
const isSet = (flag: string) => process.execArgv.includes(flag);

const menu = async () => {
  const benches = await Promise.all(benchNames.map(openBench));
  const rows = benches.map(({ about }, at) => [benchNames[at]!, `${about.minutes} min`, about.says]);
  const all = benches.reduce((sum, { about }) => sum + about.minutes, 0);
  process.stdout.write(`npm run bench -- NAME…, or all (${Math.ceil(all)} min):\n\n${table(rows)}`);
  return 0;
};

const one = async (name: string): Promise<number> => {
  const bench = await openBench(name);
  process.stdout.write(`\n== ${name}: ${bench.about.says}\n`);
  const written = await run(name, bench);
  const file = writeResult(isFullSize() ? kept : tried, written);
  process.stdout.write(`\n${reportOf(written)}\n${file}\n`);
  if (!isFullSize()) return 0;
  writeDocuments();
  const { missed, stale } = unexplained(readResults(), readGaps());
  const ofThis = (keys: readonly string[]) => keys.filter((key) => key.startsWith(`${name}: `));
  for (const key of ofThis(missed))
    process.stderr.write(`missed, and bench/results/gaps.yml does not say why: ${key}\n`);
  for (const key of ofThis(stale))
    process.stderr.write(`not missed, though bench/results/gaps.yml says why: ${key}\n`);
  return 0;
};

const run = async (name: string, { about, bench }: Bench): Promise<Result> => {
  const facts = { machine: thisMachine(), commit: commit(), load: load() };
  const began = performance.now();
  const figures = await bench();
  const minutes = Math.round((performance.now() - began) / 600) / 100;
  const date = new Date().toISOString().slice(0, 10);
  return { bench: name, says: about.says, ...facts, date, minutes, figures };
};

/** One that fails does not keep the others from being run. */
const each = async (chosen: readonly string[]): Promise<number> => {
  const failed: string[] = [];
  for (const name of chosen) {
    const flags = (await flagsOf(name)).filter((flag) => !isSet(flag));
    const words = [...process.execArgv, ...flags, import.meta.filename, name];
    const passed = await endedWell(spawn(process.execPath, words, { stdio: "inherit" }));
    if (!passed) failed.push(name);
  }
  if (failed.length > 0) process.stderr.write(`failed: ${failed.join(", ")}\n`);
  return failed.length > 0 ? 1 : 0;
};

process.exitCode = await main(process.argv.slice(2));

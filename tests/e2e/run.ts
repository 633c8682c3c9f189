import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { crashRounds, roundSeconds } from "./crash/rounds.ts";
import { endedWell } from "./process.ts";

/**
 * `npm run test:e2e -- [NAME…]`: runs the end-to-end suites of these names, or all, one after another on a small machine; those
 * that mostly wait (for a deployment, for packages, for what was broken to be mended) go beside the others. Each suite prints its seconds; one that takes over four
 * minutes fails, since nobody runs slow suites, but for those that `mostSeconds` names. The suite `crash` may take longer when ROLLCALL_CRASH_ROUNDS asks for more
 * rounds than fit.
 */
const main = async (names: readonly string[]) => {
  const known = readdirSync(import.meta.dirname).flatMap((file) => /^(.+)\.test\.ts$/.exec(file)?.[1] ?? []);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`no such suite: ${unknown.join(", ")}; there are: ${known.join(", ")}\n`);
    return 2;
  }
  const asked = names.length > 0 ? names : known;
  const others = asked.filter((name) => !waiting.includes(name));
  const beside = waiting.filter((name) => asked.includes(name));
  const isAlone = others.length === 0;
  const failed = await Promise.all([
    runSuites(others, runShown),
    runSuites(beside, isAlone ? runShown : runKept),
  ]);
  if (failed.flat().length > 0) process.stderr.write(`failed: ${failed.flat().join(", ")}\n`);
  return failed.flat().length > 0 ? 1 : 0;
};

/**
 * `rehearsal` and `package` have the deployment tool write into this very folder, so never at once. `bench` comes when most of the
 * others are over, since it keeps a processor busy.
 */
const waiting = ["newcomer", "soak", "crash", "rehearsal", "package", "bench"];

const mostSeconds = (name: string) => {
  if (name === "crash") return Math.max(240, crashRounds * roundSeconds);
  // All benches are in it, and each waits for what it measures to rest.
  if (name === "bench") return 400;
  // Every package comes anew from the registry.
  if (name === "newcomer") return 480;
  // Once on each machine it prepares a system to run the emulator in, which takes two minutes by itself.
  return name === "rehearsal" ? 480 : 240;
};

type Run = (words: readonly string[]) => Promise<boolean>;

/** Those that failed. */
const runSuites = async (names: readonly string[], run: Run): Promise<string[]> => {
  const failed: string[] = [];
  for (const name of names) if (!(await runSuite(name, run))) failed.push(name);
  return failed;
};

const runSuite = async (name: string, run: Run): Promise<boolean> => {
  const began = performance.now();
  const passed = await run(["--test", "--test-reporter=spec", join(import.meta.dirname, `${name}.test.ts`)]);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`suite ${name}: ${seconds.toFixed(1)} s\n`);
  if (seconds <= mostSeconds(name)) return passed;
  process.stderr.write(`suite ${name} took longer than ${mostSeconds(name)} s\n`);
  return false;
};

const runShown: Run = (words) => endedWell(spawn(process.execPath, words, { stdio: "inherit" }));

/** Shows what it prints once it ended, so that it stays apart from what runs meanwhile. */
const runKept: Run = async (words) => {
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const [passed, printed] = await Promise.all([endedWell(child), text(child.stdout)]);
  process.stdout.write(printed);
  return passed;
};

process.exitCode = await main(process.argv.slice(2));

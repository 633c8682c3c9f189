import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { crashRounds, roundSeconds } from "./crash/rounds.ts";

/**
 * `npm run test:e2e -- [NAME…]`: runs the end-to-end suites of these names, or all, one after another on a small machine.
 * Each suite prints its seconds; one that takes over four minutes fails, since nobody runs slow suites. The suite `crash` may
 * take longer when ROLLCALL_CRASH_ROUNDS asks for more rounds than fit.
 */
const main = async (names: readonly string[]) => {
  const known = readdirSync(import.meta.dirname).flatMap((file) => /^(.+)\.test\.ts$/.exec(file)?.[1] ?? []);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`no such suite: ${unknown.join(", ")}; there are: ${known.join(", ")}\n`);
    return 2;
  }
  const failed: string[] = [];
  for (const name of names.length > 0 ? names : known) if (!(await runSuite(name))) failed.push(name);
  if (failed.length > 0) process.stderr.write(`failed: ${failed.join(", ")}\n`);
  return failed.length > 0 ? 1 : 0;
};

const mostSeconds = (name: string) => {
  if (name === "crash") return Math.max(240, crashRounds * roundSeconds);
  // Once on each machine it prepares a system to run the emulator in, which takes two minutes by itself.
  return name === "rehearsal" ? 480 : 240;
};

const runSuite = async (name: string): Promise<boolean> => {
  const file = join(import.meta.dirname, `${name}.test.ts`);
  const began = performance.now();
  const passed = existsSync(file) && (await runNode(["--test", "--test-reporter=spec", file]));
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`suite ${name}: ${seconds.toFixed(1)} s\n`);
  if (seconds <= mostSeconds(name)) return passed;
  process.stderr.write(`suite ${name} took longer than ${mostSeconds(name)} s\n`);
  return false;
};

const runNode = (words: readonly string[]) =>
  new Promise<boolean>((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code === 0));
  });

process.exitCode = await main(process.argv.slice(2));

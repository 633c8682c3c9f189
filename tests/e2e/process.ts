import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { onSignal } from "./signalled.ts";

/** A program under test, started as a child process. */
export interface Program {
  readonly pid: number;
  /** What it has written so far, standard error included. */
  output(): string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Undefined while it runs. */
  exit(): number | NodeJS.Signals | undefined;
  send(signal: NodeJS.Signals): void;
  /** Asks it to end, and ends it the hard way if it does not listen within ten seconds. */
  stop(): Promise<void>;
}

/** Starts a program with its output gathered; the caller stops it in an after-hook. A signal that ends the caller is passed on. */
export const startProgram = (command: string, words: readonly string[], folder = repository): Program => {
  const child = spawn(command, words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let exit: number | NodeJS.Signals | undefined;
  const gather = (chunk: string) => {
    text = (text + chunk).slice(-mostOutput);
  };
  child.stdout.setEncoding("utf8").on("data", gather);
  child.stderr.setEncoding("utf8").on("data", gather);
  const forget = onSignal(() => child.kill("SIGTERM"));
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    const finish = (result: number | NodeJS.Signals) => {
      exit = result;
      forget();
      resolve(result);
    };
    child.once("error", (error) => {
      gather(String(error));
      finish(127);
    });
    child.once("close", (code, signal) => finish(code ?? signal ?? 1));
  });
  const stop = async () => {
    if (exit !== undefined) return;
    child.kill("SIGTERM");
    const hard = setTimeout(() => child.kill("SIGKILL"), patience);
    await ended;
    clearTimeout(hard);
  };
  return {
    pid: child.pid ?? 0,
    output: () => text,
    ended,
    exit: () => exit,
    send: (signal) => void child.kill(signal),
    stop,
  };
};

/** Runs a program to its end and returns what it wrote; one that fails throws with its last lines. */
export const runProgram = async (command: string, words: readonly string[]): Promise<string> => {
  const program = startProgram(command, words);
  const exit = await program.ended;
  if (exit !== 0)
    throw new Error(`${command} ${words.join(" ")} ended with ${exit}: ${program.output().slice(-2000)}`);
  return program.output();
};

/** Waits for a program that shows what it writes; a signal that ends the caller is passed on. Whether it ended well. */
export const endedWell = (child: ChildProcess): Promise<boolean> => {
  const forget = onSignal(() => child.kill("SIGTERM"));
  return new Promise<boolean>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code === 0));
  }).finally(forget);
};

/** One of the repository's scripts, from its start to its end. */
export const runScript = (file: string, ...words: string[]) =>
  spawnSync(process.execPath, [join(repository, file), ...words], { encoding: "utf8" });

/** The repository's root; what lies beside it in `../shared` is found from here. */
export const repository = new URL("../../", import.meta.url).pathname;

const patience = 10_000;
const mostOutput = 1024 * 1024;

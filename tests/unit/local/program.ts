import { spawn } from "node:child_process";
import { resolve } from "node:path";
import type { TestContext } from "node:test";

const program = resolve(import.meta.dirname, "../../../local/main.ts");

/** Runs local/main.ts; `output` is what it has said so far on both streams. It is killed when the test ends. */
export const runLocal = (context: TestContext, args: readonly string[]) => {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  context.after(() => void child.kill("SIGKILL"));
  return { child, ended, output: () => output };
};

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { repository } from "../../e2e/process.ts";

const script = `
  import { startProgram } from ${JSON.stringify(join(repository, "tests/e2e/process.ts"))};
  const [left, ended] = [startProgram("sleep", ["60"]), startProgram("true", [])];
  await ended.ended;
  console.log(left.pid);
`;

describe("a program that a test or a bench started", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    test(`ends with whoever started it, if ${signal} ends that one`, async (context) => {
      const starter = spawn(process.execPath, ["--input-type=module", "--eval", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      context.after(() => starter.kill("SIGKILL"));
      const [line] = await once(createInterface(starter.stdout), "line");
      const pid = Number(line);
      assert.ok(isThere(pid));
      starter.kill(signal);
      assert.deepEqual(await once(starter, "exit"), [null, signal]);
      const until = Date.now() + 10_000;
      while (isThere(pid) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.ok(!isThere(pid), `${pid} is still there`);
    });
});

/** And runs: one that ended stays listed, as a zombie, until its parent has asked how (proc_pid_stat(5)). */
const isThere = (pid: number) => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

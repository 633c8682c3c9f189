import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";
import * as z from "zod";

/** What figures were taken on. */
export type Machine = z.infer<typeof machine>;

export const machine = z.strictObject({
  cores: z.int().positive(),
  cpu: z.string(),
  memoryGiB: z.number().positive(),
  node: z.string(),
  kernel: z.string(),
});

export const thisMachine = (): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model.trim() ?? "",
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  kernel: release(),
});

export const machineLine = ({ cores, cpu, memoryGiB, node, kernel }: Machine): string =>
  `${cores} × ${cpu}, ${memoryGiB} GiB, Node ${node}, Linux ${kernel}`;

/** Processes that ran or waited for a processor, on average of the last minute. */
export const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100;

/** What is checked out, with a plus where files differ from it but those that each bench writes; `unknown` outside of a clone. */
export const commit = (folder = process.cwd()): string => {
  try {
    const git = (...words: string[]) =>
      execFileSync("git", words, { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
    const changed = git(
      "status",
      "--porcelain",
      "--untracked-files=no",
      "--",
      ".",
      ":!bench/results",
      ":!docs",
      ":!README.md",
    );
    return `${git("rev-parse", "--short=10", "HEAD")}${changed === "" ? "" : "+"}`;
  } catch {
    return "unknown";
  }
};

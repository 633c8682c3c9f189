import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Program, repository, startProgram } from "../process.ts";

/**
 * A machine that somebody has just sat down at: an empty home (no npm cache, no settings), and in its path only what the system
 * has, so that `node` is the system's own, however old. The clone is of the last commit.
 */
export interface Machine {
  readonly clone: string;
  readonly home: string;
  /** The system's Node, as it calls itself. */
  readonly node: string;
  /** Begins a line of shell in the clone. */
  start(line: string): Program;
  /** Runs a line of shell in the clone to its end. */
  run(line: string): Promise<{ readonly code: number | NodeJS.Signals; readonly text: string }>;
}

export interface NewMachine extends Machine {
  /** Seconds that `git clone` took. */
  readonly cloned: number;
}

/** Clones the repository into a new folder below this one. */
export const newMachine = (folder: string): NewMachine => {
  const home = join(folder, "home");
  const clone = join(folder, "rollcall");
  mkdirSync(home);
  const environment = { PATH: systemPath(), HOME: home, ...network() };
  const options = { env: environment, encoding: "utf8" } as const;
  const began = performance.now();
  execFileSync("git", ["clone", "--quiet", "--no-hardlinks", repository, clone], options);
  const cloned = (performance.now() - began) / 1000;
  const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const start = (line: string) => startProgram("env", ["-i", ...words, "bash", "-c", line], clone);
  const run = async (line: string) => {
    const program = start(line);
    return { code: await program.ended, text: program.output() };
  };
  const node = execFileSync("node", ["--version"], options).trim();
  return { clone, home, node, cloned, start, run };
};

/** Without what npm puts in front for its scripts: there our own Node would be. */
const systemPath = (): string =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules") && !folder.includes("node-gyp-bin"))
    .join(delimiter);

/** How this machine gets to a registry is the network's, not the user's. */
const network = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_file)$/i.test(name) && value
        ? [[name, value]]
        : [],
    ),
  );

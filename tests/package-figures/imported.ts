import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";

/** One import in a process of its own. */
export interface Import {
  /** Milliseconds. */
  readonly wall: number;
  /** Milliseconds of all threads, user and system. */
  readonly cpu: number;
  /** Of Node's own modules, those that were not there before. */
  readonly nodeModules: number;
}

const schema = z.object({ wall: z.number(), cpu: z.number(), nodeModules: z.int() });

/** Imports `file` in a new process on this Node. Rejects when it cannot be imported, with what the process said. */
export const importOnce = async (file: string, environment: NodeJS.ProcessEnv): Promise<Import> => {
  const words = ["--input-type=module", "--eval", program, pathToFileURL(file).href];
  const { stdout } = await run(process.execPath, words, { env: environment, timeout: 60_000 }).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(`${file} cannot be imported: ${reasonIn(error.stderr ?? error.message)}`);
    },
  );
  return schema.parse(JSON.parse(stdout));
};

/** The line that names the error; a minified bundle's own lines would bury it. */
const reasonIn = (stderr: string): string =>
  stderr.split("\n").find((line) => /^\w*Error\b/.test(line)) ?? stderr.slice(-200);

const run = promisify(execFile);

/** `awslambda` is what Lambda's own runtime gives to functions that stream. */
const program = `
globalThis.awslambda = { streamifyResponse: (handler) => handler };
const [before, cpu, begin] = [process.moduleLoadList.length, process.cpuUsage(), performance.now()];
await import(process.argv[1]);
const wall = performance.now() - begin;
const { user, system } = process.cpuUsage(cpu);
const nodeModules = process.moduleLoadList.length - before;
process.stdout.write(JSON.stringify({ wall, cpu: (user + system) / 1000, nodeModules }), () => process.exit());
`;

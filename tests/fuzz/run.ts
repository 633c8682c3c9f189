import { randomInt } from "node:crypto";
import { readOptions } from "../options.ts";
import type { Door } from "./door.ts";
import { type FuzzOptions, fuzz, printed } from "./fuzz.ts";

const usage = `npm run fuzz -- [--door NAME]… [--runs 2000] [--seed N] [--path P] [--show]

Spoils recorded samples at every place where bytes of others come in, or at those that --door names, for about so many cases each. A run
prints its seed; the same seed and runs make the same cases. --path: a case that failed, as it was told, again. --show: prints each case
before it is tried.
`;

const main = async (): Promise<number> => {
  const values = readOptions({
    door: { type: "string", multiple: true },
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    path: { type: "string" },
    show: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  });
  if (typeof values === "string") return refuse(values);
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  if (![runs, seed].every(Number.isSafeInteger)) return refuse("--runs and --seed are whole numbers\n");
  // Only now, since with them comes all of Rollcall.
  const { doors } = await import("./doors.ts");
  const names = doors.map(({ name }) => name);
  if (values.help) {
    process.stdout.write(`${usage}Doors: ${names.join(", ")}\n`);
    return 0;
  }
  const { door: wanted = names, path } = values;
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    return refuse(`no such door: ${unknown.join(", ")}; there are: ${names.join(", ")}\n`);
  say(`seed ${seed}`);
  const show = (one: unknown) => say(printed(one));
  const options = { runs, seed, ...(path !== undefined && { path }), ...(values.show && { show }) };
  let status = 0;
  for (const door of doors.filter(({ name }) => wanted.includes(name)))
    if (!(await holds(door, options))) status = 1;
  return status;
};

const refuse = (line: string): number => {
  process.stderr.write(line);
  return 2;
};

const say = (line: string) => process.stdout.write(`${line}\n`);

const holds = async (door: Door, options: FuzzOptions): Promise<boolean> => {
  const { runs, seed } = options;
  const ends: (() => unknown)[] = [];
  const begunAt = performance.now();
  const found = await fuzz(door, { after: (end) => ends.push(end) }, options);
  for (const end of ends.reverse()) await end();
  const seconds = ((performance.now() - begunAt) / 1000).toFixed(1);
  say(`${door.name}: ${found.reduce((sum, { runs }) => sum + runs, 0)} cases in ${seconds} s`);
  const broken = found.filter(({ failure }) => failure !== undefined);
  for (const { behaviour, failure } of broken)
    say(
      `  broken: ${behaviour}\n${failure}\n  again: npm run fuzz -- --door ${door.name} --seed ${seed} --runs ${runs}`,
    );
  return broken.length === 0;
};

process.exitCode = await main();

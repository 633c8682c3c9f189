import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { doors } from "./doors.ts";
import { type FuzzOptions, fuzz, printed } from "./fuzz.ts";

/** `npm run fuzz -- [--door NAME] [--runs N] [--seed S] [--path P] [--show]`: every door, or some, for as many cases as wanted. */
const { values } = parseArgs({
  options: {
    door: { type: "string", multiple: true },
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    path: { type: "string" },
    show: { type: "boolean", default: false },
  },
});

const say = (line: string) => process.stdout.write(`${line}\n`);

const wanted = values.door ?? doors.map(({ name }) => name);
const unknown = wanted.filter((name) => doors.every((door) => door.name !== name));
const numbers = [values.runs, values.seed].map(Number);
if (unknown.length > 0 || !numbers.every(Number.isSafeInteger)) {
  say(`--door is one of ${doors.map(({ name }) => name).join(", ")}; --runs and --seed are whole numbers`);
  process.exit(2);
}

const [runs = 0, seed = 0] = numbers;
const options: FuzzOptions = {
  runs,
  seed,
  ...(values.path !== undefined && { path: values.path }),
  ...(values.show && { show: (one: unknown) => say(printed(one)) }),
};
say(`seed ${seed}`);
for (const door of doors.filter(({ name }) => wanted.includes(name))) {
  const ends: (() => unknown)[] = [];
  const begunAt = performance.now();
  const found = await fuzz(door, { after: (end) => ends.push(end) }, options);
  for (const end of ends.reverse()) await end();
  const seconds = ((performance.now() - begunAt) / 1000).toFixed(1);
  say(`${door.name}: ${found.reduce((sum, { runs }) => sum + runs, 0)} cases in ${seconds} s`);
  for (const { behaviour, failure } of found.filter(({ failure }) => failure !== undefined)) {
    say(
      `  broken: ${behaviour}\n${failure}\n  again: npm run fuzz -- --door ${door.name} --seed ${seed} --runs ${runs}`,
    );
    process.exitCode = 1;
  }
}

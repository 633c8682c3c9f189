import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { machineLine, thisMachine } from "../../../bench/support/machine.ts";
import { readOptions } from "../../options.ts";
import { faultKinds } from "./faults.ts";
import { reliabilityPage } from "./page.ts";
import { type SoakReport, soakReports } from "./report.ts";
import { soak } from "./soak.ts";

const usage = `npm run soak -- [--seconds 3600] [--pace 20] [--seed N] [--only TEXT] [--table PAGE.md] [--from REPORTS.json…]

Everything goes wrong for so many seconds, while the clusters change --pace times a second. A run prints its seed; the same seed, seconds
and pace make the same changes and the same faults in the same order. --only: faults whose names have that text in them. --table: writes
the page, and the report beside it. --from, as often as you like: no run, but the page of earlier ones together.
`;

const main = async (): Promise<number> => {
  const values = readOptions({
    seconds: { type: "string", default: process.env.ROLLCALL_SOAK_SECONDS ?? "3600" },
    seed: { type: "string", default: process.env.ROLLCALL_SOAK_SEED ?? String(randomInt(2 ** 31)) },
    pace: { type: "string", default: "20" },
    only: { type: "string" },
    table: { type: "string" },
    from: { type: "string", multiple: true },
    help: { type: "boolean", default: false },
  });
  if (typeof values === "string") {
    process.stderr.write(values);
    return 2;
  }
  const [seconds, seed, pace] = [Number(values.seconds), Number(values.seed), Number(values.pace)];
  const isKnown = faultKinds.some(({ name }) => name.includes(values.only ?? ""));
  if (values.help || !isKnown || !(seconds > 0 && pace > 0 && Number.isSafeInteger(seed))) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  const machine = machineLine(thisMachine());
  const runs =
    values.from === undefined
      ? [await soak({ seconds, seed, pace, only: values.only, machine, say: sayer() })]
      : values.from.flatMap((file) => soakReports.parse(JSON.parse(readFileSync(file, "utf8"))));
  return tell(runs, values.table);
};

const sayer = () => {
  const began = Date.now();
  return (line: string) =>
    void process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
};

const tell = (runs: readonly SoakReport[], page: string | undefined): number => {
  const json = `${JSON.stringify(runs, undefined, 2)}\n`;
  if (page === undefined) process.stdout.write(json);
  else {
    writeFileSync(page, reliabilityPage(runs));
    writeFileSync(page.replace(/\.md$/, ".json"), json);
  }
  const violations = runs.flatMap((run) => [...run.violations, ...run.overgrown]);
  for (const violation of violations) process.stderr.write(`${violation}\n`);
  return violations.length > 0 ? 1 : 0;
};

process.exitCode = await main();

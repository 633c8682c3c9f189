import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { machineLine, thisMachine } from "../../../bench/support/machine.ts";
import { reliabilityPage } from "./page.ts";
import { type SoakReport, soakReport } from "./report.ts";
import { soak } from "./soak.ts";

const usage = `npm run soak -- [--seconds 3600] [--pace 20] [--seed N] [--only TEXT] [--table PAGE.md] [--from REPORT.json]

Everything goes wrong for so many seconds, while the clusters change --pace times a second. A run prints its seed; the same seed, seconds
and pace make the same changes and the same faults in the same order. --only: faults whose names have that text in them. --table: writes
the page, and the report beside it. --from: no run, the page of an earlier report.
`;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: process.env.ROLLCALL_SOAK_SECONDS ?? "3600" },
      seed: { type: "string", default: process.env.ROLLCALL_SOAK_SEED ?? String(randomInt(2 ** 31)) },
      pace: { type: "string", default: "20" },
      only: { type: "string" },
      table: { type: "string" },
      from: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [seconds, seed, pace] = [Number(values.seconds), Number(values.seed), Number(values.pace)];
  if (values.help || !(seconds > 0 && pace > 0 && Number.isSafeInteger(seed))) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  const report =
    values.from === undefined
      ? await soak({
          seconds,
          seed,
          pace,
          only: values.only,
          machine: machineLine(thisMachine()),
          say: sayer(),
        })
      : soakReport.parse(JSON.parse(readFileSync(values.from, "utf8")));
  tell(report, values.table);
  return report.violations.length > 0 ? 1 : 0;
};

const sayer = () => {
  const began = Date.now();
  return (line: string) =>
    void process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
};

const tell = (report: SoakReport, page: string | undefined) => {
  const json = `${JSON.stringify(report, undefined, 2)}\n`;
  if (page === undefined) process.stdout.write(json);
  else {
    writeFileSync(page, reliabilityPage(report));
    writeFileSync(page.replace(/\.md$/, ".json"), json);
  }
  for (const violation of report.violations) process.stderr.write(`${violation}\n`);
};

process.exitCode = await main();

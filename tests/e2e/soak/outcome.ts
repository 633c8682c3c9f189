import { loadavg } from "node:os";
import { blame, explain } from "./blame.ts";
import { faultKinds } from "./faults.ts";
import { growthOf, overgrown } from "./growth.ts";
import type { Run } from "./history.ts";
import type { Letter } from "./letters.ts";
import type { SoakReport } from "./report.ts";

export interface Found {
  readonly began: Date;
  /** Milliseconds until every list was right at the end. */
  readonly left: number;
  readonly taken: readonly Letter[];
}

/** What a run that is over comes to. */
export const reportOf = (run: Run, found: Found): SoakReport => {
  const { world, witness, befallen, letters, measuredFrom, seed, seconds, pace, only, machine } = run;
  const faults = blame(faultKinds, befallen, witness.wrongs);
  const explained = explain(found.taken, letters.sent, befallen);
  const pid = world.program()?.pid;
  const warm = (measuredFrom ?? Number.POSITIVE_INFINITY) + warmUp;
  const measured = growthOf(world.door.vitals.filter((one) => one.pid === pid && one.at >= warm));
  return {
    ...{ seed, machine, seconds, pace, faults, began: found.began.toISOString() },
    ...(only !== undefined && { only }),
    load: Math.round(loadavg()[2] ?? 0),
    repaired: Math.round(found.left / 100) / 10,
    changes: world.followed.churn.changes() + world.looked.churn.changes(),
    ...witness.looks(),
    starts: world.starts(),
    ...(measured && { measured }),
    letters: explained.letters,
    violations: [
      ...witness.violations,
      ...run.failures,
      ...explained.violations,
      ...overgrown(measured),
      ...unrepaired(run),
    ],
  };
};

/** What was not repaired in time by a program that lived: who is killed again and again repairs nothing (promise 5). */
const unrepaired = ({ befallen, witness }: Run): string[] => {
  const starts = befallen.filter(({ kind }) => kind.where === "program").map(({ until }) => until);
  return witness.wrongs
    .filter(({ since, until = since }) => {
      const lived = Math.max(since, ...starts.filter((start) => start <= until));
      return until - lived > longestRepair;
    })
    .map(({ job, source }) => `${job}: ${source} was not repaired within five minutes (promise 5)`);
};

/** Milliseconds. */
const longestRepair = 315_000;

/** Milliseconds until memory is as large as it will be. */
const warmUp = 180_000;

import { loadavg } from "node:os";
import { commit } from "../../../bench/support/machine.ts";
import { blame, explain } from "./blame.ts";
import { faultKinds } from "./faults.ts";
import { growthOf, overgrown, unmeasured } from "./growth.ts";
import type { Run } from "./history.ts";
import type { Letter } from "./letters.ts";
import { unexplainedRefusals } from "./reloads.ts";
import type { SoakReport } from "./report.ts";
import { unrepaired } from "./unrepaired.ts";

export interface Found {
  readonly began: Date;
  /** Milliseconds until every list was right at the end. */
  readonly left: number;
  readonly taken: readonly Letter[];
}

/** What a run that is over comes to. */
export const reportOf = (run: Run, found: Found): SoakReport => {
  const { world, witness, reloads, befallen, letters, measuredFrom, seed, seconds, pace, only, machine } =
    run;
  const faults = blame(faultKinds, befallen, witness.wrongs);
  const perSecond = Math.round((run.perSecond ?? 0) * 10) / 10;
  const explained = explain(found.taken, letters.sent, befallen);
  const pid = world.program()?.pid;
  const warm = (measuredFrom ?? Number.POSITIVE_INFINITY) + warmUp;
  const measured = growthOf(world.door.vitals.filter((one) => one.pid === pid && one.at >= warm));
  return {
    ...{ seed, machine, commit: commit(), seconds, pace, perSecond, faults },
    began: found.began.toISOString(),
    ...(only !== undefined && { only }),
    load: Math.round(loadavg()[2] ?? 0),
    repaired: Math.round(found.left / 100) / 10,
    changes: world.followed.churn.changes() + world.looked.churn.changes(),
    ...witness.looks(),
    ...reloads.counts(),
    starts: world.starts(),
    ...(measured && { measured }),
    letters: explained.letters,
    violations: [
      ...witness.violations,
      ...run.failures,
      ...explained.violations,
      ...tooFew({ seconds, pace, perSecond }),
      ...unmeasured({ seconds, only, measured }),
      ...unrepaired(witness.wrongs, befallen),
      ...unexplainedRefusals(reloads.refused, befallen),
    ],
    overgrown: overgrown(measured),
  };
};

/** Of a short run a single fault, for which changes pause, takes too large a part. */
const tooFew = ({ seconds, pace, perSecond }: Pick<Run, "seconds" | "pace"> & { perSecond: number }) =>
  seconds >= 600 && perSecond < 0.95 * pace
    ? [`the clusters changed ${perSecond} times a second; ${pace} were asked for`]
    : [];

/** Milliseconds until memory is as large as it will be. */
const warmUp = 180_000;

import { TransientError } from "../../lib/errors.ts";
import type { RecordParts } from "../../lib/history/record.ts";
import type { State } from "../../lib/pool/pool.ts";
import type { TargetGroupChanged } from "../../lib/targetgroup/event.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";

/** What becomes of one step of a reducer: done, done late, or the process dies before or after it. */
export type Fate = "done" | "late" | "dies before" | "dies after";

/** A change that the pool took, in truth. */
export interface Applied {
  readonly event: TargetGroupChanged;
  readonly group: TargetGroup;
  readonly before: State | undefined;
}

/** A recorder's parts whose every step meets the next fate; `applied` is what really came to be. */
export const withFates = (parts: RecordParts, fates: readonly Fate[]) => {
  const applied: Applied[] = [];
  let turn = 0;
  const step = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const fate = fates[turn++] ?? "done";
    if (fate === "dies before") throw new TransientError("died before it");
    if (fate === "late") for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    const result = await work();
    if (fate === "dies after") throw new TransientError("died after it");
    return result;
  };
  const { pool, log } = parts;
  return {
    applied,
    parts: {
      ...parts,
      log: { append: (page) => step(() => log.append(page)) },
      pool: {
        ...pool,
        states: (names) => step(() => pool.states(names)),
        replace: (event, group, instead) =>
          step(async () => {
            const result = await pool.replace(event, group, instead);
            if (result === "applied") applied.push({ event, group, before: instead.of });
            return result;
          }),
      },
    } satisfies RecordParts,
  };
};

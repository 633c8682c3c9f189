import { type Answer, text } from "../door/answer.ts";
import type { Cycles } from "../metrics/cycles/cycles.ts";
import { planCollections } from "../metrics/plan.ts";
import type { Current } from "../metrics/settings.ts";

export interface HealthParts {
  readonly current: () => Promise<Current | undefined>;
  readonly cycles: Pick<Cycles, "records">;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/**
 * `/healthz` (spec A10.5): well when every cluster's latest batch has something in it and is no older than three minutes, or than two resolutions
 * where that is longer. It needs no token, and so it does not say what is wrong.
 */
export const health = async (parts: HealthParts, isVerbose: boolean): Promise<Answer> => {
  if (!(await isWell(parts)))
    return text(500, "[+]ping ok\n[-]healthz failed: reason withheld\nhealthz check failed\n");
  return text(200, isVerbose ? "[+]ping ok\n[+]healthz ok\nhealthz check passed\n" : "ok");
};

const oldest = 180_000;

const isWell = async ({ current, cycles, clock }: HealthParts): Promise<boolean> => {
  const [now, records] = await Promise.all([current(), cycles.records()]);
  if (now?.settings.metrics === undefined) return false;
  const { collections } = planCollections(now.settings, now.servers);
  const age = Math.max(oldest, 2 * now.settings.metrics.resolution);
  const latest = new Map(records.map((record) => [record.cluster, record]));
  return (
    collections.length > 0 &&
    collections.every(({ cluster }) => {
      const record = latest.get(cluster);
      return record !== undefined && record.sets > 0 && clock() - record.end <= age;
    })
  );
};

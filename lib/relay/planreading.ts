import type { Clock } from "../clock.ts";
import type { Plan, PlanReader } from "../discovery/current.ts";
import type { RelayParts } from "./parts.ts";

/** The same reading for all clusters of a relay that ask within a second: for those who only want to know whether something moved. */
export const sharedReading = <Answer>(read: () => Promise<Answer>, clock: Pick<Clock, "now">) => {
  let beganAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<Answer> | undefined;
  return (): Promise<Answer> => {
    if (reading === undefined || clock.now() - beganAt >= shared) {
      beganAt = clock.now();
      reading = read();
    }
    return reading;
  };
};

/** Milliseconds. */
const shared = 1_000;

/**
 * Another plan than this one, if there is one by now. What others read may be older than this one, and an older plan would
 * retire what a newer one has: so it is read again before it counts.
 */
export const otherPlan = async (
  plan: Plan,
  { peek, parts }: { peek: PlanReader; parts: Pick<RelayParts, "plan"> },
): Promise<Plan | undefined> => {
  if ((await peek())?.hash === plan.hash) return undefined;
  const current = await parts.plan();
  return current?.hash === plan.hash ? undefined : current;
};

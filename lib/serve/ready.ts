import type { PlanReader } from "../discovery/current.ts";
import { type Answer, text } from "../door/answer.ts";
import type { ProviderStatus, Statuses } from "../pool/status.ts";

/** `GET /-/ready`: 200 once every provider has reported or failed once (design §3.5). */
export const readiness = async (parts: { plan: PlanReader; statuses: Statuses }): Promise<Answer> => {
  const current = await parts.plan();
  if (current === undefined) return text(503, "No configuration has been accepted yet.\n");
  const attempted = new Set((await parts.statuses.list()).flatMap(looked));
  const waiting = current.providers.filter(({ id }) => !attempted.has(id));
  if (waiting.length === 0) return text(200, "Rollcall is ready.\n");
  return text(
    503,
    `Rollcall is waiting for the first look at ${waiting.length} of ${current.providers.length} providers.\n`,
  );
};

const looked = (status: ProviderStatus) => (status.lastAttempt === undefined ? [] : [status.provider]);

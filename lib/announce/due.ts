import * as z from "zod";
import type { PlanReader } from "../discovery/current.ts";
import { reasonOf } from "../errors.ts";
import { correlate } from "../invocation.ts";
import type { LambdaContext } from "../lambda.ts";
import { isHeld } from "../lease/hold.ts";
import { isRelay } from "../lease/holder.ts";
import { holdOnce } from "../lease/holdonce.ts";
import type { Leases } from "../lease/lease.ts";
import type { PoolRepair } from "../pool/pool.ts";
import { dropUnreadable, type Rebuilds } from "../pool/rebuild.ts";
import type { Statuses } from "../pool/status.ts";
import { discoveryDue, discoveryDueSchema } from "../targetgroup/event.ts";
import { concerned } from "./concerned.ts";
import { type LookParts, lookAt, type Seen } from "./look.ts";
import { statusBegunAnew } from "./record.ts";

/** Short, since it is renewed: who dies in mid-look keeps the cluster from others for no longer. */
const leaseMilliseconds = 15_000;
/** Left of an invocation's time for announcing and for writing down how it went. */
const reserve = 20_000;

export interface DueParts extends LookParts {
  readonly plan: PlanReader;
  readonly statuses: Statuses;
  readonly leases: Leases;
  readonly rebuilds: Pick<Rebuilds, "asked">;
  readonly repair: PoolRepair;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Answers *Discovery Due*: looks at the cluster unless somebody else holds its lease. */
export const createLook =
  (parts: DueParts) =>
  async (event: unknown, context: LambdaContext): Promise<Seen[] | "held" | "no configuration"> => {
    const { cluster, correlationId } = dueSchema.parse(event).detail;
    correlate(correlationId);
    const holder = context.awsRequestId;
    const missed = (error: unknown) =>
      parts.log.warn("lease not renewed", { cluster, reason: reasonOf(error) });
    const request = { cluster, holder, milliseconds: leaseMilliseconds, missed };
    const lease = await holdOnce(parts, request, isRelay);
    if (isHeld(lease)) {
      const why = isRelay(lease) ? "a relay follows the cluster" : "another one is under way";
      parts.log.info(`look left out: ${why}`, { cluster, until: lease.until });
      return "held";
    }
    try {
      // Not before the lease is ours: an older plan would retire what a newer one has.
      const plan = await parts.plan();
      if (plan === undefined) return "no configuration";
      const own = plan.providers.filter((provider) => provider.cluster === cluster);
      await dropUnreadable(own, { ...parts, pool: parts.repair, anew: statusBegunAnew });
      const { providers, known } = concerned(cluster, plan, await parts.statuses.list());
      // After the lease, which may have been waited for. A whole number, or the signal is refused.
      const left = context.getRemainingTimeInMillis();
      const signal = AbortSignal.timeout(Math.max(left - reserve, Math.floor(left / 2)));
      return await lookAt({ providers, known, limits: plan.settings.guard, lease, signal }, parts);
    } finally {
      await lease.end();
    }
  };

const dueSchema = z.object({ "detail-type": z.literal(discoveryDue), detail: discoveryDueSchema });

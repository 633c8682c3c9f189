import { concerned } from "../announce/concerned.ts";
import { statusBegunAnew } from "../announce/record.ts";
import type { Plan } from "../discovery/current.ts";
import { dropUnreadable } from "../pool/rebuild.ts";
import { retireOnly } from "./look.ts";
import { runSegment } from "./segment.ts";
import type { Slice } from "./slice.ts";

export type SliceEnd = "time" | "lease lost" | "outgrown" | "rebuild" | "not followed" | "no configuration";

/** Follows one plan after the other until the slice is over, or until a plan wants the cluster followed no longer. */
export const followPlans = async (slice: Slice): Promise<SliceEnd> => {
  // Not before the lease is ours: an older plan would retire what a newer one has.
  let plan = await slice.parts.plan();
  if (plan !== undefined) await dropBroken(slice, plan);
  while (plan !== undefined) {
    if (!isFollowed(slice.cluster, plan)) {
      await retireAbandoned(slice, plan);
      return "not followed";
    }
    const ending = await runSegment(slice, plan);
    const reason = ending.reason();
    if (reason !== undefined && reason !== "plan") return reason;
    plan = ending.plan();
  }
  return "no configuration";
};

const dropBroken = ({ cluster, parts }: Slice, { providers }: Plan) =>
  dropUnreadable(
    providers.filter((provider) => provider.cluster === cluster),
    { ...parts, pool: parts.repair, anew: statusBegunAnew },
  );

/** All providers of a cluster are kept up with in one way. */
const isFollowed = (cluster: string, plan: Plan) =>
  plan.providers.some((provider) => provider.cluster === cluster && provider.follow === "relay");

/** The cluster's other providers are now the schedule's. */
const retireAbandoned = async (slice: Slice, plan: Plan) => {
  const { providers, known } = concerned(slice.cluster, plan, await slice.parts.statuses.list());
  const own = new Set(providers.map(({ id }) => id));
  await retireOnly(
    known.filter(({ provider }) => !own.has(provider)),
    slice,
  );
  await slice.records.settle();
};

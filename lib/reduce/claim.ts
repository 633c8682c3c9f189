import * as z from "zod";
import type { Blobs } from "../blob/blob.ts";
import { RefusedError } from "../errors.ts";
import { labelSet, type TargetGroupChanged } from "../targetgroup/event.ts";
import { contentHash } from "../targetgroup/hash.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";

/**
 * The group that an event carries or, if it travelled by claim check, what its claim stands for. Refused when the
 * claim has expired or when the content is not what the event's hash says.
 */
export const fetchGroup = async (event: TargetGroupChanged, blobs: Blobs): Promise<TargetGroup> => {
  const group = event.group ?? (await claimed(event, blobs));
  if (contentHash(group) !== event.hash)
    throw new RefusedError(`the group of ${group.source} is not what its hash says`);
  if ((event.change === "removed") !== (group.targets.length === 0)) {
    throw new RefusedError(`${group.source} is ${event.change}, yet has ${group.targets.length} targets`);
  }
  return group;
};

const claimed = async (event: TargetGroupChanged, blobs: Blobs): Promise<TargetGroup> => {
  const claim = event.claim!;
  const bytes = await blobs.get(claim.key);
  if (bytes === undefined) throw new RefusedError(`the claim ${claim.key} of ${claim.source} has expired`);
  const group = groupSchema.safeParse(jsonIn(bytes));
  if (!group.success || group.data.source !== claim.source) {
    throw new RefusedError(`the claim ${claim.key} does not hold the group of ${claim.source}`);
  }
  return group.data;
};

/** Undefined for what is no JSON: it will not become any by being read again. */
const jsonIn = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
};

const groupSchema = z.object({ source: z.string(), labels: labelSet, targets: z.array(labelSet) });

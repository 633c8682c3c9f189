import type { Blobs } from "../blob/blob.ts";
import type { Offer } from "../pool/apply.ts";
import { decompressGroup } from "../pool/body.ts";
import type { State } from "../pool/pool.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import { labelChanges, noLabelChanges } from "./labels.ts";
import type { Change } from "./log.ts";

/** The change that an offer makes if it takes the place of what is held. */
export const changeMade = async (
  { event, group }: Offer,
  held: State | undefined,
  blobs: Blobs,
): Promise<Change> => {
  const removed = event.change === "removed";
  const { provider, version, hash, observedAt } = event;
  const isUpdate = held !== undefined && !held.removed && !removed && held.hash !== hash;
  const before = isUpdate ? await readable(held, group.source, blobs) : undefined;
  return {
    provider,
    source: group.source,
    at: Date.parse(observedAt),
    version,
    before: held,
    after: { hash, removed, targets: removed ? 0 : group.targets.length },
    labels: before === undefined ? noLabelChanges : labelChanges(before, group),
  };
};

/** The group of a state; undefined for a removed source. Throws when its body is missing or is none. */
export const groupOf = async (
  { place }: State,
  source: string,
  blobs: Blobs,
): Promise<TargetGroup | undefined> => {
  if (place === undefined) return undefined;
  if ("body" in place) return decompressGroup(place.body, source);
  const body = await blobs.get(place.blob);
  if (body === undefined) throw new Error(`the body that ${source} had is missing`);
  return decompressGroup(body, source);
};

/** A held body that cannot be read must not keep the next one from replacing it; only what differed is not told then. */
const readable = async (held: State, source: string, blobs: Blobs) => {
  try {
    return await groupOf(held, source, blobs);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
};

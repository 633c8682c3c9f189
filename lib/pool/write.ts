import type { Blobs } from "../blob/blob.ts";
import type { Item, Table } from "../table/dynamodb.ts";
import { textOf } from "../table/item.ts";
import type { TargetGroupChanged } from "../targetgroup/event.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import { compressGroup } from "./body.ts";
import { groupItem, holdsStill, supersedesHeld } from "./item.ts";
import type { Instead, Place } from "./pool.ts";
import { versionText } from "./versiontext.ts";

export interface OfferOptions {
  readonly table: Table;
  readonly blobs: Blobs;
  readonly clock: () => number;
}

/**
 * A write that was applied although its answer got lost is tried again by the SDK, loses to itself and is called
 * stale: harmless, since stale events are followed by a bump like all others.
 */
export const offerGroup = async (
  { table, blobs, clock }: OfferOptions,
  event: TargetGroupChanged,
  group: TargetGroup,
): Promise<"applied" | "stale"> => {
  const { item } = await madeOf({ blobs, clock }, { event, group });
  const { written, previous } = await table.put(item, {
    condition: supersedesHeld.condition,
    values: supersedesHeld.valuesOf(event.version),
    previous: true,
    within: writeBound,
  });
  if (written) await dropBlob(blobs, previous, item);
  else await dropBlob(blobs, item, await heldItem(table, item));
  return written ? "applied" : "stale";
};

/** The same, under the condition that what was read is held still; what a replaced body's blob leaves is kept for a while. */
export const replaceState = async (
  { table, blobs, clock }: OfferOptions,
  { event, group }: Written,
  { of, keptUntil }: Instead,
): Promise<"applied" | "moved"> => {
  const previous = versionText(of?.version);
  const { place, item } = await madeOf({ blobs, clock }, { event, group, previous });
  const { written } = await table.put(item, { ...holdsStill(of), within: writeBound });
  const [loser, winner] = written ? [of?.place, item] : [place, await heldItem(table, item)];
  // Not removed, even if never held by this write: a twin of the message may have made history of it.
  if (loser !== undefined && "blob" in loser && loser.blob !== winner?.blob?.S)
    await blobs.expire(loser.blob, keptUntil);
  return written ? "applied" : "moved";
};

interface Written {
  readonly event: TargetGroupChanged;
  readonly group: TargetGroup;
  readonly previous?: string;
}

/** The item of what an event says, once its body has a place. */
const madeOf = async ({ blobs, clock }: Omit<OfferOptions, "table">, { event, group, ...known }: Written) => {
  const place = event.change === "removed" ? undefined : await placeOf(blobs, event, group);
  const targets = place === undefined ? 0 : group.targets.length;
  const item = groupItem({ event, source: group.source, targets, place, moved: clock(), ...known });
  return { place, item };
};

/** Compressed bytes above which a body lies in a blob: an item may have 400 kB with its keys. */
const largestBody = 300_000;

/**
 * Milliseconds for one write with all its repetitions. Readers ask again for what moved in the 30 seconds before
 * their last read, so a write that came to rest later than that after its `moved` stamp would never be seen: this
 * bound and the clocks of two machines must fit into the overlap together.
 */
const writeBound = 10_000;

const placeOf = async (blobs: Blobs, event: TargetGroupChanged, group: TargetGroup): Promise<Place> => {
  const body = compressGroup(group);
  if (body.length <= largestBody) return { body };
  const { epoch, sequence } = event.version;
  const blob = `pool/${event.provider}/${epoch}.${sequence}/${event.hash}`;
  await blobs.put(blob, body);
  return { blob };
};

/** The blob of an item that is not, or no longer, the held one. */
const dropBlob = async (blobs: Blobs, loser: Item | undefined, winner: Item | undefined) => {
  const key = loser?.blob?.S;
  if (key !== undefined && key !== winner?.blob?.S) await blobs.remove(key);
};

/** Only a body in a blob is worth the look: the held version may be this very one, delivered before. */
const heldItem = async (table: Table, item: Item) =>
  item.blob === undefined ? undefined : table.get({ pk: textOf(item, "pk"), sk: textOf(item, "sk") });

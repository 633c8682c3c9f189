import type { Announcement } from "../announce/announce.ts";
import { changeOf } from "../announce/compare.ts";
import type { SourceChange } from "../discovery/follower.ts";
import type { Provider } from "../discovery/provider.ts";
import { reasonOf } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import type { Counted } from "./recordstate.ts";
import type { Segment, Slice } from "./slice.ts";

/**
 * Announces what is due. Providers go side by side, since no two of them share a source; of one provider all goes in one
 * call. What cannot be announced waits in the queue and is tried again.
 */
export const flush = async (due: ReadonlyMap<string, readonly SourceChange[]>, segment: Segment) => {
  await inFlight(providersUnderWay, [...due.values()], (changes) => flushProvider(changes, segment));
};

/** Announces under the slice's lease and keeps the mirror true: to what the bus took, and to what it may have taken. */
export const announceMirrored = async (
  announcement: Announcement,
  { mirrors, parts, sequence, tally }: Slice,
): Promise<void> => {
  const mirror = mirrors.of(announcement.provider.id);
  const open = new Set(announcement.changes);
  const { now } = parts.clock;
  try {
    await parts.announce({
      ...announcement,
      taken: (announced) => {
        mirror.announced(announced, now());
        for (const { change } of announced) open.delete(change);
        tally.announced += announced.length;
      },
    });
  } catch (error) {
    const last = { epoch: announcement.lease.epoch, sequence: sequence.next - 1 };
    mirror.doubted([...open], last, now());
    throw error;
  }
};

const providersUnderWay = 8;

/** Never rejects. */
const flushProvider = async (due: readonly SourceChange[], segment: Segment): Promise<void> => {
  const { lease, parts, pauses, queue, records, sequence, tally } = segment;
  const { provider } = due[0]!;
  tally.changes += due.length;
  const counted = changesOf(provider, due, segment);
  if (counted.length === 0) {
    // Whatever could not be announced before is no news any more.
    pauses.worked(provider.id);
    records.unannounced(provider.id, undefined);
    return;
  }
  const changes = counted.map(({ change }) => change);
  const observedAt = Math.max(...due.map(({ at }) => at));
  try {
    await announceMirrored({ provider, changes, lease, sequence, observedAt }, segment);
    pauses.worked(provider.id);
    records.unannounced(provider.id, undefined);
    records.count(provider.id, counted);
  } catch (error) {
    const reason = reasonOf(error);
    const now = parts.clock.now();
    if (pauses.until(provider.id) === undefined) {
      parts.log.warn("changes wait: they could not be announced", { provider: provider.id, reason });
    }
    queue.putBack(due, now);
    pauses.failed(provider.id, now);
    records.unannounced(provider.id, `not everything was announced: ${reason}`);
  }
};

/** Built as late as possible, so that nothing older than what is already known goes out. */
const changesOf = (provider: Provider, due: readonly SourceChange[], segment: Segment): Counted[] => {
  const { held } = segment.mirrors.of(provider.id);
  return due.flatMap((one) => {
    const group = built(one, segment);
    const before = group && held.get(group.source);
    const change = group && changeOf(group, before);
    return change === undefined ? [] : [{ change, before }];
  });
};

/** What cannot be built keeps its last group, and shows in the provider's record. */
const built = ({ provider, source, build }: SourceChange, { records }: Segment) => {
  try {
    const group = build();
    records.unbuilt(provider.id, source, undefined);
    return group;
  } catch (error) {
    records.unbuilt(provider.id, source, `${source}: ${reasonOf(error)}`);
    return undefined;
  }
};

import { reasonOf } from "../errors.ts";
import type { Segment } from "./slice.ts";

/** What goes on beside announcing: the heart beats, the records follow the troubles, and somebody may let go what the guard holds. */
export const createTending = (segment: Segment): (() => void) => {
  const { beat, following, parts, providers, records } = segment;
  let [recordsAt, releasesAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return () => {
    beat();
    const now = parts.clock.now();
    if (now - recordsAt >= recordsEvery) {
      recordsAt = now;
      countWatches(segment);
      records.tend(providers, following.troubles);
    }
    if (now - releasesAt >= releasesEvery) {
      releasesAt = now;
      void askReleases(segment);
    }
  };
};

/** Milliseconds. */
const recordsEvery = 1_000;
const releasesEvery = 5_000;

const countWatches = ({ parts, providers, records }: Segment) => {
  for (const { id } of providers) {
    // What is taken is gone, so it waits until there is a record to take it.
    const watched = records.of(id) && parts.counts?.take(id);
    if (watched !== undefined) records.add(id, { events: watched.events, watchFailures: watched.failures });
  }
};

/** Never rejects. */
const askReleases = async ({ agenda, bell, cluster, parts, providers, records }: Segment) => {
  try {
    for (const { id } of providers) {
      const held = records.of(id)?.guard;
      if (held === undefined || (await parts.releases.released(id)) !== held.since) continue;
      agenda.put(id, parts.clock.now());
      bell.ring();
    }
  } catch (error) {
    parts.log.warn("releases could not be asked for", { cluster, reason: reasonOf(error) });
  }
};

import type { Clock } from "../clock.ts";
import type { Meter } from "../meter.ts";

/** Shows once a minute that the relay lives, and tells what was measured since: nobody waits a quarter of an hour for it. */
export const createHeartbeat = ({ clock, meter }: { clock: Pick<Clock, "now">; meter: Meter }) => {
  let beatAt = Number.NEGATIVE_INFINITY;
  return (): void => {
    if (clock.now() - beatAt < every) return;
    beatAt = clock.now();
    meter.add("RelayHeartbeat", 1);
    meter.flush();
  };
};

/** Milliseconds. */
const every = 60_000;

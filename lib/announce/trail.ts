import type { Observers } from "../lambda.ts";
import type { Announced, Announcement } from "./announce.ts";

/** Tells the log of each change that the bus took, by what identifies its event, and counts them. */
export const createTrail =
  ({ log, meter }: Observers) =>
  (announced: readonly Announced[], { provider }: Announcement): void => {
    meter.add("EventsAnnounced", announced.length);
    for (const { change, version } of announced) {
      const { kind, group } = change;
      const identity = { provider: provider.id, source: group.source, ...version };
      log.trail("announced", { ...identity, change: kind, cluster: provider.cluster });
    }
  };

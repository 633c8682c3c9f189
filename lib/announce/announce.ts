import type { Blobs } from "../blob/blob.ts";
import type { Bus, BusEntry } from "../bus/bus.ts";
import { TransientError } from "../errors.ts";
import type { Holding } from "../lease/hold.ts";
import { type TargetGroupChanged, targetGroupChanged, type Version } from "../targetgroup/event.ts";
import { contentHash } from "../targetgroup/hash.ts";
import type { Change } from "./compare.ts";

/** Above this many bytes of JSON a group travels by claim check: an entry is billed in chunks of 64 kB (design §3.2). */
export const claimBytes = 60_000;
/** Longer than any event may be late (design §2). */
const claimLife = 48 * 3600_000;
/** Entries handed to the bus at a time, so that a lease that runs out stops the rest. */
const slice = 500;

export interface Announcement {
  /** Whose sources changed. */
  readonly provider: { readonly id: string; readonly cluster: string; readonly jobs: readonly string[] };
  readonly changes: readonly Change[];
  readonly lease: Holding;
  /** Counts the events of this lease; shared by all its announcements, so that no two carry one version. */
  readonly sequence: { next: number };
  /** Unix milliseconds at which the look ended. */
  readonly observedAt: number;
  /** Told of what the bus took, as it takes it; what it may or may not have taken is not among it. */
  readonly taken?: (announced: readonly Announced[]) => void;
}

/** A change, and the version that its event carries. */
export interface Announced {
  readonly change: Change;
  readonly version: Version;
}

export interface AnnouncerOptions {
  readonly bus: Bus;
  readonly blobs: Blobs;
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Whose work the events are; absent: nobody's. */
  readonly correlationId?: () => string | undefined;
  /** Told of what the bus took. */
  readonly told?: (announced: readonly Announced[], announcement: Announcement) => void;
}

/**
 * Puts one event per change on the bus, in order. A holder whose lease has run out by its own clock announces
 * nothing more (design §2): TransientError, and the next look says what is left.
 */
export const createAnnouncer =
  (options: AnnouncerOptions) =>
  async (announcement: Announcement): Promise<void> => {
    const { bus, blobs, clock, correlationId = () => undefined, told } = options;
    for (let from = 0; from < announcement.changes.length; from += slice) {
      const changes = announcement.changes.slice(from, from + slice);
      const announced = changes.map((change) => ({ change, version: nextVersion(announcement) }));
      const context = { announcement, blobs, correlationId: correlationId() };
      const entries = await Promise.all(announced.map((one) => entryOf(one, context)));
      if (clock() >= announcement.lease.expiresAt()) {
        throw new TransientError(
          `the lease of ${announcement.lease.cluster} ran out before everything was announced`,
        );
      }
      await bus.put(entries);
      announcement.taken?.(announced);
      told?.(announced, announcement);
    }
  };

const nextVersion = ({ lease, sequence }: Announcement): Version => ({
  epoch: lease.epoch,
  sequence: sequence.next++,
});

interface EntryContext {
  readonly announcement: Announcement;
  readonly blobs: Blobs;
  readonly correlationId: string | undefined;
}

const entryOf = async (
  { change, version }: Announced,
  { announcement, blobs, correlationId }: EntryContext,
): Promise<BusEntry> => {
  const { provider, observedAt } = announcement;
  const head = {
    schema: 1 as const,
    provider: provider.id,
    cluster: provider.cluster,
    jobs: [...provider.jobs],
    change: change.kind === "removed" ? ("removed" as const) : ("updated" as const),
    version,
    hash: contentHash(change.group),
    observedAt: new Date(observedAt).toISOString(),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
  return { detailType: targetGroupChanged, detail: { ...head, ...(await payload(change, head, blobs)) } };
};

type Head = Pick<TargetGroupChanged, "provider" | "hash" | "observedAt">;

const payload = async (change: Change, head: Head, blobs: Blobs) => {
  const json = JSON.stringify(change.group);
  if (json.length * 3 <= claimBytes) return { group: change.group };
  const bytes = Buffer.from(json);
  if (bytes.length <= claimBytes) return { group: change.group };
  // The provider is part of the key: who may read a claim depends on whose it is.
  const key = `claim/${head.provider}/${head.hash}`;
  await blobs.put(key, bytes, Date.parse(head.observedAt) + claimLife);
  const href = `api/v1/claims/${head.provider}/${head.hash}`;
  return { claim: { source: change.group.source, key, bytes: bytes.length, href } };
};

import type { Clock } from "../clock.ts";
import type { GuardSettings } from "../config/settings.ts";
import type { PlanReader } from "../discovery/current.ts";
import type { Follow, Following } from "../discovery/follower.ts";
import type { Provider } from "../discovery/provider.ts";
import type { Holding } from "../lease/hold.ts";
import type { Log } from "../log.ts";
import type { Rebuilds } from "../pool/rebuild.ts";
import type { Agenda } from "./agenda.ts";
import type { Bell } from "./bell.ts";
import { createLookLog } from "./looklog.ts";
import type { Warm } from "./memory.ts";
import type { Mirrors } from "./mirror.ts";
import type { Ending } from "./oversee.ts";
import type { RelayParts } from "./parts.ts";
import type { Pauses } from "./pauses.ts";
import type { Queue } from "./queue.ts";
import { createRecords, type Records } from "./records.ts";

/** One invocation's work under one lease. */
export interface Slice {
  readonly cluster: string;
  readonly parts: RelayParts;
  readonly lease: Holding;
  /** Counts the events of the lease. */
  readonly sequence: { next: number };
  /** Wakes the loop. */
  readonly bell: Bell;
  readonly mirrors: Mirrors;
  readonly records: Records;
  /** What looks say: of each provider only what is news. */
  readonly lookLog: Log;
  /** Begins to follow. */
  readonly follow: Follow;
  /** Ends what is followed; waits for it no longer than a few seconds. */
  readonly letGo: (options: { readonly keep: boolean }) => Promise<void>;
  readonly beat: () => void;
  /** For the log. */
  readonly tally: { changes: number; announced: number; looks: number };
  /** Milliseconds that the invocation has left. */
  readonly timeLeft: () => number;
  /** The clusters of the invocation have grown too large together, and this one is to go. */
  readonly mustLeave: () => boolean;
  /** The plan as one of the invocation's clusters read it lately. */
  readonly peek: PlanReader;
  /** The rebuilds that were asked for, as one of the clusters read them lately. */
  readonly wanted: Rebuilds["asked"];
}

/** The part of a slice in which one plan holds. */
export interface Segment extends Slice {
  readonly providers: readonly Provider[];
  readonly limits: GuardSettings;
  readonly following: Following;
  readonly queue: Queue;
  readonly agenda: Agenda;
  /** Of announcing single changes, by provider. */
  readonly pauses: Pauses;
  /** Of looking, by provider. */
  readonly lookPauses: Pauses;
  /** Why the pool could not be read for a provider the last time. */
  readonly unread: Map<string, string>;
  readonly ending: Ending;
}

export interface SliceBeginning {
  readonly beat: () => void;
  readonly bell: Bell;
  readonly lease: Holding;
  readonly parts: RelayParts;
  readonly timeLeft: () => number;
  readonly mustLeave: () => boolean;
  readonly peek: PlanReader;
  readonly wanted: Rebuilds["asked"];
  readonly warm: Warm;
}

export const beginSlice = ({
  beat,
  bell,
  lease,
  parts,
  timeLeft,
  mustLeave,
  peek,
  wanted,
  warm,
}: SliceBeginning): Slice => ({
  cluster: lease.cluster,
  parts,
  lease,
  sequence: { next: 1 },
  bell,
  mirrors: warm.mirrors,
  records: createRecords({ ...parts, lease }),
  lookLog: createLookLog(parts.log),
  follow: (followed, listener) => {
    warm.following = parts.follow(followed, listener);
    return warm.following;
  },
  letGo: (options) => atMost(parts.clock, letGoBound, warm.following?.end(options)),
  beat,
  tally: { changes: 0, announced: 0, looks: 0 },
  timeLeft,
  mustLeave,
  peek,
  wanted,
});

/** Milliseconds. */
const letGoBound = 5_000;

const atMost = (clock: Pick<Clock, "after">, milliseconds: number, work: Promise<void> | undefined) =>
  new Promise<void>((resolve, reject) => {
    const callOff = clock.after(milliseconds, resolve);
    Promise.resolve(work).then(resolve, reject).finally(callOff);
  });

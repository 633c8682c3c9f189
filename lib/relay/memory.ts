import type { Following } from "../discovery/follower.ts";
import type { Holding } from "../lease/hold.ts";
import { createMirrors, type Mirrors } from "./mirror.ts";

/** What a warm process still knows of a cluster when it gets the next slice. */
export interface Warm {
  /** Of the lease under which it was learned. */
  readonly epoch: number;
  readonly mirrors: Mirrors;
  /** Ended, and kept. */
  following?: Following | undefined;
}

export interface Memory {
  /**
   * A cluster's memory, for one slice at a time: that of the slice before, unless that one still runs, or somebody else has held the
   * lease since, for then it is older than what the pool has. What other clusters left a minute ago or longer is let go.
   */
  take(lease: Pick<Holding, "cluster" | "epoch" | "previous">, now: number): Warm;
  giveBack(cluster: string, warm: Warm, now: number): void;
  /** Let go already. */
  forget(cluster: string, warm: Warm): void;
}

/** `failed` is told of what could not be let go. */
export const createMemory = (failed: (error: unknown) => void): Memory => {
  const kept = new Map<string, { warm: Warm; idleSince: number }>();
  const letGo = ({ following }: Warm) => void following?.end({ keep: false }).catch(failed);
  const letGoIdle = (isDone: (cluster: string, idleSince: number) => boolean) => {
    for (const [cluster, { warm, idleSince }] of kept) {
      if (idleSince === inUse || !isDone(cluster, idleSince)) continue;
      letGo(warm);
      kept.delete(cluster);
    }
  };
  return {
    take: ({ cluster, epoch, previous }, now) => {
      const before = kept.get(cluster);
      const isTrue = before !== undefined && before.idleSince !== inUse && before.warm.epoch === previous;
      const warm = isTrue ? { ...before.warm, epoch } : { epoch, mirrors: createMirrors() };
      letGoIdle((other, idleSince) => (other === cluster ? !isTrue : now - idleSince >= patience));
      kept.set(cluster, { warm, idleSince: inUse });
      return warm;
    },
    giveBack: (cluster, warm, now) => {
      const one = kept.get(cluster);
      // The next slice began before this one's end: it lost its lease meanwhile.
      if (one?.warm === warm) one.idleSince = now;
      else letGo(warm);
    },
    forget: (cluster, warm) => {
      if (kept.get(cluster)?.warm === warm) kept.delete(cluster);
    },
  };
};

const inUse = Number.POSITIVE_INFINITY;

/** Milliseconds in which a successor's slice would have come here, if it does. */
const patience = 60_000;

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
   * A cluster's memory, for one slice at a time: that of the slice before, unless somebody else has held the lease since, for then it
   * is older than what the pool has. What other clusters left a minute ago or longer is let go.
   */
  take(lease: Pick<Holding, "cluster" | "epoch" | "previous">, now: number): Warm;
  giveBack(cluster: string, now: number): void;
  /** Let go already. */
  forget(cluster: string): void;
}

/** `failed` is told of what could not be let go. */
export const createMemory = (failed: (error: unknown) => void): Memory => {
  const kept = new Map<string, { warm: Warm; idleSince: number }>();
  const letGo = ({ following }: Warm) => void following?.end({ keep: false }).catch(failed);
  return {
    take: ({ cluster, epoch, previous }, now) => {
      const before = kept.get(cluster)?.warm;
      const isTrue = before !== undefined && before.epoch === previous;
      const warm = isTrue ? { ...before, epoch } : { epoch, mirrors: createMirrors() };
      for (const [other, { warm: old, idleSince }] of kept) {
        if (other === cluster ? isTrue : now - idleSince < patience) continue;
        letGo(old);
        kept.delete(other);
      }
      kept.set(cluster, { warm, idleSince: Number.POSITIVE_INFINITY });
      return warm;
    },
    giveBack: (cluster, now) => {
      const one = kept.get(cluster);
      if (one !== undefined) one.idleSince = now;
    },
    forget: (cluster) => {
      kept.delete(cluster);
    },
  };
};

/** Milliseconds in which a successor's slice would have come here, if it does. */
const patience = 60_000;

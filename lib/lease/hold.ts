import { type Clock, systemClock } from "../clock.ts";
import type { Held, Lease, LeaseRequest, Leases } from "./lease.ts";

/** A lease kept alive while work goes on. */
export interface Holding {
  readonly cluster: string;
  readonly epoch: number;
  /** The epoch of whoever held it before. */
  readonly previous?: number | undefined;
  /**
   * Unix milliseconds until which the lease is ours by our own clock; moves on with each renewal, and is long past once
   * a renewal was refused.
   */
  expiresAt(): number;
  /** Stops the renewals and gives the lease back. */
  end(): Promise<void>;
}

export interface HoldRequest extends LeaseRequest {
  /** Told of a renewal that failed; nothing is lost by it, the lease simply ends sooner. */
  readonly missed: (error: unknown) => void;
  /** Told at once when a renewal was refused: by then the lease is somebody else's. */
  readonly lost?: () => void;
  readonly clock?: Pick<Clock, "after">;
}

export const isHeld = (answer: Holding | Held): answer is Held => "heldBy" in answer;

/**
 * Takes a lease and renews it every third of its life, so that its length can be short: a holder that dies without
 * a word keeps the cluster from the next one for no longer than that. A renewal that fails is tried again; once the
 * lease has run out, `expiresAt` says so and the holder announces nothing more.
 */
export const holdLease = async (leases: Leases, request: HoldRequest): Promise<Holding | Held> => {
  const { milliseconds, clock = systemClock } = request;
  const taken = await leases.take(request);
  if ("heldBy" in taken) return taken;
  let lease: Lease = taken;
  let renewing: Promise<unknown> = Promise.resolve();
  let callOff = () => {};
  const renew = async () => {
    const extended = await leases.renew(lease, milliseconds);
    if (extended !== undefined) {
      lease = extended;
      return;
    }
    callOff();
    lease = { ...lease, expiresAt: 0 };
    request.lost?.();
  };
  const beat = () => {
    callOff = clock.after(milliseconds / 3, () => {
      beat();
      renewing = renew().catch(request.missed);
    });
  };
  beat();
  return {
    cluster: lease.cluster,
    epoch: lease.epoch,
    previous: lease.previous,
    expiresAt: () => lease.expiresAt,
    end: async () => {
      callOff();
      await renewing;
      await leases.giveBack(lease);
    },
  };
};

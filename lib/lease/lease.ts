/** One writer per cluster at a time (design §2). */
export interface Leases {
  /**
   * Takes the lease, or tells who has it. Each taking raises the epoch by one, and never below the Unix time in
   * seconds, so that a lost or restored table cannot restart it.
   */
  take(request: LeaseRequest): Promise<Lease | Held>;
  /** Who has a lease that has not run out, nothing taken; undefined when it is free. */
  holder(cluster: string): Promise<Held | undefined>;
  /** The last taking, whether it still holds or not; undefined when there was none. */
  last(cluster: string): Promise<LastTaking | undefined>;
  /** Extends a lease that is still ours; undefined once another epoch was taken or it was given back. */
  renew(lease: Lease, milliseconds: number): Promise<Lease | undefined>;
  /** Ends a lease early, so that the next holder need not wait for its expiry. A lease that is no longer ours is left alone. */
  giveBack(lease: Lease): Promise<void>;
  /** Ends whoever's lease it is; its holder hears of it at the next renewal. For one who knows that the holder is dead. */
  revoke(cluster: string): Promise<void>;
}

export interface LeaseRequest {
  readonly cluster: string;
  /** Who asks; for people who read the table. */
  readonly holder: string;
  readonly milliseconds: number;
}

/** Taken: the holder announces nothing once its own clock passes `expiresAt` (Unix milliseconds). */
export interface Lease {
  readonly cluster: string;
  readonly holder: string;
  readonly epoch: number;
  /** The epoch of the taking before: what its holder knew is still true, since nobody wrote in between. */
  readonly previous?: number | undefined;
  readonly expiresAt: number;
}

/** Somebody else's lease that has not run out. */
export interface Held {
  readonly heldBy: string;
  readonly until: number;
}

/** Somebody's lease that may have run out; `until` is 0 once it was given back or revoked. */
export interface LastTaking extends Held {
  readonly epoch: number;
}

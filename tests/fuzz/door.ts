import fc from "fast-check";

/** What a door's world needs of whoever runs it; a test's context is one. */
export interface Scope {
  after(end: () => unknown): void;
}

/** One of a door's invariants: whatever comes, `hold` returns without throwing. */
export interface Behaviour {
  /** A sentence. */
  readonly name: string;
  /** Of the door's runs; all of them by default. */
  readonly share?: number;
  check(guard: Guard, how: Checking): Promise<Checked>;
}

export type Checking = Pick<fc.Parameters, "numRuns" | "seed"> & {
  readonly path?: string;
  /** Is told each case before it is tried: one that ends the process tells nothing itself. */
  readonly show?: (one: unknown) => void;
};
export type Checked = Pick<
  fc.RunDetails<unknown>,
  "failed" | "numRuns" | "counterexamplePath" | "errorInstance"
> & {
  readonly counterexample: unknown;
};

/** Stands around each case: its time is bounded, and what escapes it is caught. */
export type Guard = (hold: () => void | Promise<void>) => Promise<void>;

/** A place where bytes of others come in, with what must be true of it whatever they are. */
export interface Door {
  readonly name: string;
  /** Cases in `npm test`; `npm run fuzz` takes as many as it is told. */
  readonly runs: number;
  /** Milliseconds within which a case is over, far above the deadlines that the door itself is given; half a minute by default, since machines are busy. */
  readonly bound?: number;
  open(scope: Scope): Promise<readonly Behaviour[]>;
}

export const behaviour = <T>(
  name: string,
  cases: fc.Arbitrary<T>,
  hold: (one: T) => void | Promise<void>,
  share = 1,
): Behaviour => ({
  name,
  share,
  check: (guard, { show, ...how }) => {
    const property = fc.asyncProperty(cases, (one) => {
      show?.(one);
      return guard(() => hold(one));
    });
    return fc.check(property, how);
  },
});

import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";

export interface HeldOptions<Value> {
  readonly read: () => Promise<Value>;
  /** What there is before it was ever read; absent: until then a failure is whoever asks's. */
  readonly first?: { readonly value: Value };
  /** What is read, for the log. */
  readonly what: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** What was read last: read anew after five seconds, and held through failures, which are told when they begin and when they end. */
export const createHeld = <Value>({ read, first, what, now, log }: HeldOptions<Value>) => {
  let held = first;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let fails = false;
  const look = async (): Promise<Value> => {
    try {
      held = { value: await read() };
      if (fails) log.info(`${what} can be read again`);
      fails = false;
    } catch (error) {
      if (!fails) log.error(`${what} cannot be read: the last one holds`, { reason: reasonOf(error) });
      fails = true;
      if (held === undefined) throw error;
    }
    lookedAt = now();
    return held.value;
  };
  let looking: Promise<Value> | undefined;
  return async (): Promise<Value> => {
    if (held !== undefined && now() - lookedAt < fresh) return held.value;
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
};

/** Milliseconds that what was read is taken for the newest: a relist comes once a minute at most. */
const fresh = 5_000;

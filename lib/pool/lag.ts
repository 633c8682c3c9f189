/** How far the reducer is behind; `tick` orders no look while that is more than a minute (design §1). */
export interface ReducerLag {
  /** `seconds` between an event's sending and its first applying, of the newest in a batch; what comes again does not count. */
  record(seconds: number): Promise<void>;
  read(): Promise<Lag | undefined>;
}

/** `at` is when it was recorded, Unix milliseconds. */
export interface Lag {
  readonly seconds: number;
  readonly at: number;
}

/** A reducer further behind than this gets no more work: looks would announce again what still waits in its queue. */
const mostSeconds = 60;
/** A record of the lag older than this says nothing: no batch came since. Milliseconds. */
const life = 120_000;

/** How many seconds the reducer is behind as far as is known, at `now` (Unix milliseconds). */
export const secondsBehind = (lag: Lag | undefined, now: number): number =>
  lag === undefined || now - lag.at >= life ? 0 : lag.seconds;

/** Whether looks have to wait for the reducer. */
export const isBehind = (lag: Lag | undefined, now: number): boolean => secondsBehind(lag, now) > mostSeconds;

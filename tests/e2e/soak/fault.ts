import type { Churn } from "../crash/churn.ts";
import type { Rollcall } from "../rollcall.ts";
import type { Door } from "./door.ts";
import type { Letters } from "./letters.ts";
import type { Watched } from "./witness.ts";

/** One of the promises of the design's fourth part. */
export type PromiseNumber = 1 | 2 | 3 | 4 | 5 | 6;

/** A way in which things go wrong, and what was promised for it. */
export interface FaultKind {
  readonly name: string;
  readonly where: Place;
  readonly promises: readonly PromiseNumber[];
  /** Goes wrong for a while; returns how many requests, events or processes it hit. Throws when a promise is not kept. */
  readonly befall: (stage: Stage) => Promise<number>;
}

export type Place =
  | "API server"
  | "bus"
  | "queue"
  | "table"
  | "lease"
  | "program"
  | "configuration"
  | "several";

export interface Cluster extends Watched {
  readonly churn: Churn;
  /** Changes a second. */
  readonly pace: number;
}

/** What faults have to work on. */
export interface Stage {
  /** In [0, 1). */
  readonly random: () => number;
  /** Milliseconds that a fault lasts; of each another. */
  readonly length: () => number;
  readonly door: Door;
  readonly letters: Letters;
  /** Followed by a relay. */
  readonly followed: Cluster;
  /** Looked at by schedule, every few seconds. */
  readonly looked: Cluster;
  readonly program: () => Rollcall;
  readonly restart: Restart;
  readonly files: Files;
}

/** Ends the program by that signal and starts it again on the same data; waits until it is ready unless told otherwise. */
export type Restart = (signal: "SIGKILL" | "SIGTERM", options?: { readonly wait: boolean }) => Promise<void>;

/** The configuration under test. */
export interface Files {
  readonly config: string;
  readonly settings: string;
  /** What they are when nobody meddles with them. */
  readonly good: { readonly config: string; readonly settings: string };
}

export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

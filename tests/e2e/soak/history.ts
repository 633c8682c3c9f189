import type { Befallen } from "./blame.ts";
import type { Letters } from "./letters.ts";
import type { Reloads } from "./reloads.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

export interface SoakOptions {
  /** Of faults; what is after them comes on top. */
  readonly seconds: number;
  readonly seed: number;
  /** Changes a second. */
  readonly pace: number;
  /** Of the faults only those whose names have this in them; for people who look for a cause. */
  readonly only?: string | undefined;
  readonly machine: string;
  /** Told of each thing that happens, in one line. */
  readonly say: (line: string) => void;
}

/** A run under way, and what happened in it. */
export interface Run extends SoakOptions {
  readonly world: World;
  readonly witness: Witness;
  readonly reloads: Reloads;
  readonly letters: Letters;
  readonly befallen: Befallen[];
  /** Promises that a fault found broken, one line each. */
  readonly failures: string[];
  /** Changes a second that the clusters made while things went wrong. */
  perSecond?: number;
  /** From when the program lives on; Unix milliseconds. */
  measuredFrom?: number;
}

/** What an assertion says, in one line. */
export const lineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ");

import type { RegistryRecord } from "./record.ts";

/** Registries as they are kept: of each cluster the last good one, and how relisting goes. */
export interface Registries {
  /** Undefined before the first relist. */
  state(cluster: string): Promise<RelistState | undefined>;
  /** The registry that a state names; undefined when it names none, or when it is gone. */
  record(state: RelistState): Promise<RegistryRecord | undefined>;
  /** Begins a relist at `at`, Unix milliseconds. False when somebody else began one after `since`. */
  take(cluster: string, { at, since }: { readonly at: number; readonly since: number }): Promise<boolean>;
  /** Keeps how the relist that began at `began` went, and its registry if it found one. False, and nothing kept, when another has begun since. */
  finish(state: Omit<RelistState, "registry">, record?: RegistryRecord): Promise<boolean>;
}

/** Times are Unix milliseconds. */
export interface RelistState {
  readonly cluster: string;
  /** When the last relist began, and ended. */
  readonly began: number;
  readonly ended: number;
  /** When the last good one began; absent before there was one. */
  readonly good?: number;
  /** Failed ones since. */
  readonly failures: number;
  /** Why the last one failed. */
  readonly reason?: string;
  /** SHA-256 of the rules that the last one went by. */
  readonly rules: string;
  /** Where the last good registry is. */
  readonly registry?: string;
}

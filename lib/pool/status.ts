import type { SdConfig } from "../config/configuration.ts";
import type { Durations } from "./durations.ts";

/** What is known of a provider beside its groups; also the register of providers that a later configuration may retire. */
export interface ProviderStatus {
  readonly provider: string;
  readonly mechanism: SdConfig["mechanism"];
  readonly role?: string;
  readonly cluster: string;
  readonly jobs: readonly string[];
  /** Who keeps up with it; absent in records from before there were relays, which the schedule wrote. */
  readonly followedBy?: "schedule" | "relay";
  /** Milliseconds between looks. */
  readonly every: number;
  /** Unix milliseconds; absent before the first look ended. */
  readonly lastAttempt?: number;
  /** Of a full success: a look with problems moves only `lastAttempt`. */
  readonly lastSuccess?: number;
  /** Empty after a full success. */
  readonly lastError: string;
  /** Sources and targets as the last look that learned anything left them. */
  readonly sources: number;
  readonly targets: number;
  /** How long the last look took, in seconds. */
  readonly lastDurationSeconds: number;
  readonly counters: Counters;
  /** Of file discovery, as the last look that learned anything saw them: when each file changed, Unix milliseconds. */
  readonly files?: Readonly<Record<string, number>>;
  /** True once the pool held everything that a look had announced. */
  readonly filled?: boolean;
  /** Removals that wait to be confirmed (promise 4); absent when nothing waits. */
  readonly guard?: HeldBack;
}

/** What the guard holds back: the pool still has it, the source no longer does. */
export interface HeldBack {
  /** When the look began that was the first to hold something back, Unix milliseconds. */
  readonly since: number;
  readonly sources: number;
  readonly targets: number;
}

/** Grow for the life of the provider's record; `/metrics` shows them. */
export interface Counters {
  readonly looks: number;
  readonly failures: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  /** Sources that the relay found missing or outdated in the pool when it checked, and has announced again (promise 5). */
  readonly repaired?: number;
  /** What watches told, by `<role> <add|update|delete>` as Prometheus counts it (spec §2.2); absent where nothing is watched. */
  readonly events?: Readonly<Record<string, number>>;
  /** Lists and watches that ended in an error. */
  readonly watchFailures?: number;
  /** How long looks took; absent before the first one that was counted. */
  readonly durations?: Durations;
}

export interface Statuses {
  /** All of them, ordered by provider. */
  list(): Promise<ProviderStatus[]>;
  put(status: ProviderStatus): Promise<void>;
  /** Once a retired provider has no groups left. */
  remove(provider: string): Promise<void>;
}

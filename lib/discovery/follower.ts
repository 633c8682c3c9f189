import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import type { Discoverer } from "./discoverer.ts";
import type { Provider } from "./provider.ts";

/**
 * Begins to follow what the providers of one cluster ask for. What an earlier following of the same cluster kept in
 * memory is taken up again, where the providers still need it.
 */
export type Follow = (cluster: Followed, listener: FollowListener) => Following;

export interface Followed {
  readonly cluster: string;
  readonly providers: readonly Provider[];
}

/** A cluster that is watched (or polled, where nothing can be watched). */
export interface Following {
  /**
   * What a discoverer would say, out of what is in memory now; the first time it waits until everything was listed once
   * or has failed once. A provider whose watch or list is failing has an error, since what is in memory may be old.
   */
  readonly look: Discoverer;
  /**
   * Does the long part of the next look at a provider beforehand, in turns, so that the look itself keeps nobody waiting for it.
   * Undefined where there is nothing to be done: what is not in memory, or not yet. Never rejects.
   */
  prepare(provider: Provider): Promise<void> | undefined;
  /** Why what is in memory of a provider may be old, one line each; empty while it is followed well. */
  troubles(provider: Provider): readonly string[];
  /**
   * Ends every request; the listener hears nothing more. `keep`: what is in memory stays for the next following
   * of the same cluster in this process; else it is let go.
   */
  end(options: { readonly keep: boolean }): Promise<void>;
}

/** Is called in the order of events; must not throw. */
export interface FollowListener {
  /** One source may have changed, or may only look as if it had. */
  changed(change: SourceChange): void;
  /**
   * What happened cannot be told source by source (a list was taken anew, a poll is due, a provider recovered):
   * `look` at these providers again.
   */
  lookAgain(providers: readonly Provider[]): void;
}

export interface SourceChange {
  readonly provider: Provider;
  readonly source: string;
  /** Unix milliseconds at which the change arrived. */
  readonly at: number;
  /**
   * The source as it is when this is called, not as it was when it changed: a group without targets has vanished; undefined
   * where the last group shall stay as it is (spec §2.4). Throws for an object that cannot be made a group.
   */
  readonly build: () => TargetGroup | undefined;
}

/** What watches told, counted for the providers' records. */
export interface WatchTally {
  /** Each count is given once, so that whoever takes it has to keep it. */
  take(provider: string): Watched;
}

/** Of one provider, since that was last taken. */
export interface Watched {
  /** By `<role> <event>`, as Prometheus names them (spec §2.2). */
  readonly events: Readonly<Record<string, number>>;
  /** Lists and watches that ended in an error; whoever takes first takes those of all providers, since several share one. */
  readonly failures: number;
}

import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import type { Provider } from "./provider.ts";

/** What one complete look found for one provider. */
export interface Look {
  /** Every group there is; a source that is absent here has vanished unless `keeps` says otherwise. */
  readonly groups: readonly TargetGroup[];
  /** Sources about which nothing was learned (a refused namespace, an unreadable file, a node without an address): they stay as they are. */
  readonly keeps: (source: string) => boolean;
  /** What went wrong: one line each, naming the place; empty after a full success. */
  readonly problems: readonly string[];
  /** When each file changed that was read, Unix milliseconds; not all of very many. Only of file discovery. */
  readonly files?: Readonly<Record<string, number>>;
}

/** A provider's look, or the one clear line that says why there is none. */
export type Outcome =
  | { readonly provider: Provider; readonly look: Look }
  | { readonly provider: Provider; readonly error: Error };

/**
 * Looks once at everything the providers of one cluster ask for, sharing what they have in common.
 * One outcome per provider; never rejects for what a remote system does. Stops when the signal aborts.
 */
export type Discoverer = (providers: readonly Provider[], signal: AbortSignal) => Promise<Outcome[]>;

import type { TargetGroupChanged, Version } from "../targetgroup/event.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";

/** What the reducer does to the pool (design §3.3). */
export interface PoolWriter {
  /** Newest version wins; a late or repeated event is `stale`, never an error. `group` is the event's, fetched if it travelled by claim check. */
  offer(event: TargetGroupChanged, group: TargetGroup): Promise<"applied" | "stale">;
  /** Tells readers that something of the provider moved: once per batch and provider, after its writes, repeats included. */
  bump(provider: string): Promise<void>;
}

/** How a writer changes the pool who must know what exactly he replaces, since he keeps it. */
export interface PoolStates {
  /** What is held of each source, tombstones included, in the order asked for; consistent. */
  states(names: readonly SourceName[]): Promise<(State | undefined)[]>;
  /** Takes the place of that very state; `moved` when another one is held by now. */
  replace(event: TargetGroupChanged, group: TargetGroup, instead: Instead): Promise<"applied" | "moved">;
}

export interface SourceName {
  readonly provider: string;
  readonly source: string;
}

/** A state of one source, as it is kept. */
export interface State extends Held {
  /** Nowhere for a tombstone. */
  readonly place: Place;
  /** Which state it replaced (versiontext.ts); absent when its writer did not look. */
  readonly previous?: string;
}

/** Where a group's compressed body lies: in the item, in a blob, or nowhere when the group is gone. */
export type Place = { readonly body: Uint8Array } | { readonly blob: string } | undefined;

export interface Instead {
  /** Undefined: nothing is held. */
  readonly of: State | undefined;
  /** Until when a blob that the replaced state leaves behind is needed, Unix milliseconds. */
  readonly keptUntil: number;
}

/** What a look compares with: what was applied, not what was sent. */
export interface PoolIndex {
  /**
   * Every source the pool knows, tombstones included; consistent; bodies are not read. Of a relay it is what the relay itself goes
   * on changing as it announces, so it is read before that.
   */
  index(provider: string): Promise<ReadonlyMap<string, Held>>;
}

export interface Held {
  readonly version: Version;
  readonly hash: string;
  readonly removed: boolean;
  /** How many targets the group has. */
  readonly targets: number;
}

/** What `serve` reads. */
export interface PoolReader {
  /** Consistent; a provider that never moved is 0. */
  generations(providers: readonly string[]): Promise<Map<string, number>>;
  /** Every source of the provider, tombstones left out. */
  all(provider: string): Promise<Entry[]>;
  /**
   * What was applied at or after `since` (Unix milliseconds, the writer's clock), tombstones included; consistent. What
   * the caller knows in that version already is left out, and its body is not read.
   */
  moved(provider: string, since: number, isKnown?: Known): Promise<Entry[]>;
}

/** Whether a reader has the source in this version or a later one. */
export type Known = (source: string, version: Version) => boolean;

/** `group` is undefined for a tombstone. */
export interface Entry {
  readonly source: string;
  readonly version: Version;
  readonly hash: string;
  readonly group: TargetGroup | undefined;
}

/** For a rebuild: what no reader and no writer can use. */
export interface PoolRepair {
  /** Where the provider's groups lie that cannot be read: of another format, or damaged. */
  unreadable(provider: string): Promise<GroupPlace[]>;
  /** They are gone as if they had never been. */
  drop(places: readonly GroupPlace[]): Promise<void>;
}

/** A group's key in the table. */
export interface GroupPlace {
  readonly pk: string;
  readonly sk: string;
}

export type Pool = PoolWriter & PoolStates & PoolIndex & PoolReader & PoolRepair;

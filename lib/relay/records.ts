import type { Provider } from "../discovery/provider.ts";
import { type MoreCounts, withCounts } from "../pool/counters.ts";
import type { ProviderStatus, Statuses } from "../pool/status.ts";
import {
  afterChanges,
  afterTending,
  type Counted,
  newState,
  noFaults,
  type RecordState,
} from "./recordstate.ts";
import { createRecordWriter, type RecordWriterParts } from "./recordwriter.ts";

/**
 * The records of the providers that a relay follows. They are kept here, since who holds the lease is the only one to
 * write them, and written down at a pace that the table can bear.
 */
export interface Records extends Pick<Statuses, "put" | "remove"> {
  /** What the table has, taken over where nothing newer is kept here. */
  load(statuses: readonly ProviderStatus[]): void;
  of(provider: string): ProviderStatus | undefined;
  /** Single changes that were announced. */
  count(provider: string, counted: readonly Counted[]): void;
  /** What is counted beside changes. */
  add(provider: string, more: MoreCounts): void;
  /** Why no group could be made of a source; undefined once one could. */
  unbuilt(provider: string, source: string, reason: string | undefined): void;
  /** Why single changes could not be announced; undefined once they were. */
  unannounced(provider: string, reason: string | undefined): void;
  /** The pool was seen to hold all that was announced. */
  fill(provider: string): void;
  /** Takes in what keeps the providers from being known well just now, and writes in the background what is worth it. */
  tend(providers: readonly Provider[], troubles: (provider: Provider) => readonly string[]): void;
  /** Writes everything that is not written yet. Never rejects: what cannot be written is told to the log. */
  settle(): Promise<void>;
  /** Of all providers together; undefined while there is no record. */
  targets(): number | undefined;
  keepOnly(providers: ReadonlySet<string>): void;
}

export const createRecords = (parts: RecordWriterParts): Records => {
  const states = new Map<string, RecordState>();
  const writer = createRecordWriter(states, parts);
  return {
    load: (loaded) => {
      for (const status of loaded) {
        if (!states.has(status.provider)) states.set(status.provider, newState(status, status));
      }
    },
    of: (provider) => states.get(provider)?.status,
    put: async (status) => {
      const state = states.get(status.provider) ?? newState(unfilled(status));
      states.set(status.provider, state);
      state.status = state.status.filled === true ? { ...status, filled: true } : unfilled(status);
      state.looked = true;
      state.faults = { ...noFaults(), look: status.lastError };
      writer.wake();
    },
    remove: async (provider) => {
      states.delete(provider);
      await writer.idle();
      await parts.statuses.remove(provider);
    },
    count: (provider, counted) => {
      const state = states.get(provider);
      if (state !== undefined) state.status = afterChanges(state.status, counted);
    },
    add: (provider, more) => {
      const state = states.get(provider);
      if (state === undefined) return;
      const counters = withCounts(state.status.counters, more);
      if (counters !== state.status.counters) state.status = { ...state.status, counters };
    },
    unbuilt: (provider, source, reason) => {
      const unbuilt = states.get(provider)?.faults.unbuilt;
      if (reason === undefined) unbuilt?.delete(source);
      else unbuilt?.set(source, reason);
    },
    unannounced: (provider, reason) => {
      const state = states.get(provider);
      if (state !== undefined) state.faults = { ...state.faults, announcing: reason };
    },
    fill: (provider) => {
      const state = states.get(provider);
      if (state !== undefined) state.status = { ...state.status, filled: true };
    },
    tend: (providers, troubles) => {
      for (const provider of providers)
        tendOne(states.get(provider.id), troubles(provider), parts.clock.now());
      writer.wake();
    },
    settle: writer.settle,
    targets: () =>
      states.size === 0
        ? undefined
        : [...states.values()].reduce((sum, { status }) => sum + status.targets, 0),
    keepOnly: (providers) => {
      for (const provider of states.keys()) if (!providers.has(provider)) states.delete(provider);
    },
  };
};

/** A look of the relay compares with the mirror, which has what is still on its way to the pool: it cannot tell. */
const unfilled = ({ filled: _filled, ...status }: ProviderStatus): ProviderStatus => status;

const tendOne = (state: RecordState | undefined, troubles: readonly string[], now: number) => {
  if (state === undefined || !state.looked) return;
  const before = state.status;
  state.status = afterTending(state, troubles, now);
  if ((before.lastError === "") !== (state.status.lastError === "")) state.untold ??= before;
};

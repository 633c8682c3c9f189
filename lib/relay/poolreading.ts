import type { Provider } from "../discovery/provider.ts";
import { reasonOf } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import { isBehind, secondsBehind } from "../pool/lag.ts";
import type { Held } from "../pool/pool.ts";
import type { ProviderStatus } from "../pool/status.ts";
import type { Reading } from "./mirror.ts";
import type { RelayParts } from "./parts.ts";

/** What a full check needs to know of the table. */
export interface PoolReading {
  /** The reducer is so far behind that nobody can tell what is on its way and what was lost. */
  readonly behind: boolean;
  readonly statuses: readonly ProviderStatus[];
  readonly indexes: ReadonlyMap<string, IndexReading>;
}

/** Of one provider; or the reason why it could not be read. */
export type IndexReading = { readonly index: ReadonlyMap<string, Held>; readonly reading: Reading } | string;

/** Rejects when the records cannot be read, without which there is no look. */
export const readPool = async (
  providers: readonly Provider[],
  parts: Pick<RelayParts, "pool" | "statuses" | "lag" | "clock">,
): Promise<PoolReading> => {
  const { lag, statuses, clock } = parts;
  const [recorded, records] = await Promise.all([lag.read(), statuses.list()]);
  const patience = Math.max(leastPatience, secondsBehind(recorded, clock.now()) * 1000 + margin);
  const indexes = await inFlight(
    readsUnderWay,
    providers,
    async ({ id }) => [id, await readIndex(id, patience, parts)] as const,
  );
  return { behind: isBehind(recorded, clock.now()), statuses: records, indexes: new Map(indexes) };
};

const readsUnderWay = 8;

/** Milliseconds after which an announcement that the pool does not have counts as lost. */
const leastPatience = 30_000;
/** On top of what the reducer is known to be behind. */
const margin = 10_000;

const readIndex = async (
  provider: string,
  patience: number,
  { pool, clock }: Pick<RelayParts, "pool" | "clock">,
): Promise<IndexReading> => {
  const reading = { at: clock.now(), patience };
  try {
    return { index: await pool.index(provider), reading };
  } catch (error) {
    return reasonOf(error);
  }
};

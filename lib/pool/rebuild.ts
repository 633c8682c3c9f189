import type { Log } from "../log.ts";
import type { Held, PoolIndex, PoolRepair } from "./pool.ts";
import type { ProviderStatus, Statuses } from "./status.ts";

/**
 * What people want announced anew, whatever the pool says of it (ADR 17). A request names an epoch that nobody has taken
 * yet: what is held with an earlier one is outdated until it was announced again, whoever dies on the way.
 */
export interface Rebuilds {
  /** Asking twice is harmless; the later epoch counts. Forgotten after a week. */
  ask(provider: string, epoch: number): Promise<void>;
  /** The epochs that were asked for, by provider. */
  asked(): Promise<ReadonlyMap<string, number>>;
}

/** The index, with everything outdated as content that nothing equals. */
export const rebuiltIndex = (pool: PoolIndex, rebuilds: Pick<Rebuilds, "asked">): PoolIndex => ({
  index: async (provider) => {
    const [index, asked] = await Promise.all([pool.index(provider), rebuilds.asked()]);
    const epoch = asked.get(provider);
    return epoch === undefined ? index : outdated(index, epoch);
  },
});

const outdated = (index: ReadonlyMap<string, Held>, epoch: number) =>
  new Map(
    [...index].map(([source, held]): [string, Held] => [
      source,
      held.removed || held.version.epoch >= epoch ? held : { ...held, hash: noHash },
    ]),
  );

/** No content has it. */
const noHash = "";

export interface RebuildParts {
  readonly pool: PoolRepair;
  readonly rebuilds: Pick<Rebuilds, "asked">;
  readonly statuses: Pick<Statuses, "list" | "put">;
  /** The record of a provider as if it had never been looked at. */
  readonly anew: (status: ProviderStatus) => ProviderStatus;
  readonly log: Pick<Log, "warn">;
}

/**
 * Under a new lease and before its first look: of these providers, what cannot be read goes, since no event can replace
 * it. Their records begin anew first, so that readers get no list until the pool is full again (ADR 10).
 */
export const dropUnreadable = async (
  providers: readonly { readonly id: string }[],
  { pool, rebuilds, statuses, anew, log }: RebuildParts,
): Promise<void> => {
  const asked = await rebuilds.asked();
  for (const { id } of providers.filter((one) => asked.has(one.id))) {
    const unreadable = await pool.unreadable(id);
    if (unreadable.length === 0) continue;
    const status = (await statuses.list()).find(({ provider }) => provider === id);
    if (status !== undefined) await statuses.put(anew(status));
    await pool.drop(unreadable);
    log.warn("rebuild: what could not be read was dropped", { provider: id, groups: unreadable.length });
  }
};

import type { RegistryRecord } from "./record.ts";
import type { Registries, RelistState } from "./registries.ts";

/** Registries in this process; unit tests run on it. */
export const createMemoryRegistries = (): Registries => {
  const taken = new Map<string, number>();
  const states = new Map<string, RelistState>();
  const records = new Map<string, RegistryRecord>();
  return {
    state: async (cluster) => states.get(cluster),
    record: async ({ registry }) => (registry === undefined ? undefined : records.get(registry)),
    take: async (cluster, { at, since }) => {
      if ((taken.get(cluster) ?? Number.NEGATIVE_INFINITY) > since) return false;
      taken.set(cluster, at);
      return true;
    },
    finish: async (state, record) => {
      if (taken.get(state.cluster) !== state.began) return false;
      const { registry: held } = states.get(state.cluster) ?? {};
      const registry = record === undefined ? held : `${state.cluster}/${state.began}`;
      if (record !== undefined && registry !== undefined) records.set(registry, structuredClone(record));
      states.set(state.cluster, { ...state, ...(registry !== undefined && { registry }) });
      return true;
    },
  };
};

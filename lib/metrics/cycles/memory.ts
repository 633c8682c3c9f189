import { countersOf } from "../processors/rate.ts";
import type { CycleRecord, Cycles, Latest } from "./cycles.ts";

/** Cycles in this process; unit tests run on it. */
export const createMemoryCycles = (): Cycles => {
  const taken = new Map<string, number>();
  const kept = new Map<string, Latest & { readonly record: CycleRecord }>();
  return {
    take: async (cluster, end) => {
      if ((taken.get(cluster) ?? Number.NEGATIVE_INFINITY) >= end) return false;
      taken.set(cluster, end);
      return true;
    },
    latest: async (cluster) => kept.get(cluster) ?? {},
    finish: async (record, batch) => {
      const held = kept.get(record.cluster);
      const counters = batch === undefined ? held?.counters : countersOf(batch);
      if (held !== undefined && held.record.end >= record.end) return false;
      kept.set(record.cluster, { record, ...(counters && { counters }) });
      return true;
    },
    records: async () =>
      [...kept.values()].map(({ record }) => record).sort((a, b) => (a.cluster < b.cluster ? -1 : 1)),
  };
};

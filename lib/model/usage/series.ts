import type { DataBatch } from "../../metrics/batch.ts";
import { longMetrics, type MetricStore } from "../../metrics/store/store.ts";

/** A metric of one entity over the time that the store has it for: Unix seconds and values, ascending. */
export type Series = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** What is drawn. The long store has the first two, the short one the others. */
const drawn = [...longMetrics, "memory/working_set", "network/rx_rate", "network/tx_rate"];

export const seriesOf = async (store: MetricStore, cluster: string, key: string): Promise<Series> => {
  const [short, long] = await Promise.all([store.short(cluster, [key]), store.long(cluster, [key])]);
  return Object.fromEntries(
    drawn.flatMap((name) => {
      const points = pointsOf(longMetrics.includes(name) ? long : short, key, name);
      return points.length === 0 ? [] : [[name, points] as const];
    }),
  );
};

const pointsOf = (batches: readonly DataBatch[], key: string, name: string) =>
  batches.flatMap(({ timestamp, sets }) => {
    const found = sets.get(key)?.values.get(name);
    return found === undefined ? [] : [[timestamp / 1000, Number(found.value)] as const];
  });

import type { Live } from "../pool/view.ts";
import type { ScrapePool } from "../scrapepool/scrapepool.ts";

/** Which places of a group another target stands for; found out once for all lists of a pool. */
export const mergedIn = (pool: ScrapePool | undefined): ReadonlyMap<Live, readonly number[]> => {
  if (pool === undefined) return new Map();
  const known = mergedPlaces.get(pool);
  if (known !== undefined) return known;
  const places = new Map<Live, number[]>();
  for (const { entry, index } of pool.merged.keys()) {
    const own = places.get(entry);
    if (own === undefined) places.set(entry, [index]);
    else own.push(index);
  }
  mergedPlaces.set(pool, places);
  return places;
};

const mergedPlaces = new WeakMap<ScrapePool, ReadonlyMap<Live, readonly number[]>>();

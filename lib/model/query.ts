import type { Labels } from "../metrics/batch.ts";
import { nanoseconds, parseTime } from "../metrics/time.ts";
import { BadQuery } from "./badquery.ts";

/** Unix nanoseconds, both inclusive; a start of 0 is no start. */
export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** `start` and `end`: RFC 3339; from the beginning until now unless they say otherwise (spec A10.1). */
export const rangeIn = (query: URLSearchParams, now: number): Range => ({
  start: timeIn(query, "start") ?? 0n,
  end: timeIn(query, "end") ?? nanoseconds(now),
});

const timeIn = (query: URLSearchParams, name: string): bigint | undefined => {
  const written = query.get(name) ?? "";
  if (written === "") return undefined;
  const time = parseTime(written);
  if (time === undefined)
    throw new BadQuery(
      `timestamp argument cannot be parsed: ${name} is ${JSON.stringify(written)}, expected RFC 3339, as 2026-01-02T15:04:05Z`,
    );
  return time;
};

/** `labels=k:v,k2:v2`: the labels that a labelled metric must have, exactly; undefined without any. */
export const labelsIn = (query: URLSearchParams): Labels | undefined => {
  const written = query.get("labels") ?? "";
  if (written === "") return undefined;
  return Object.fromEntries(
    written.split(",").map((pair) => {
      const colon = pair.indexOf(":");
      if (colon < 1 || colon === pair.length - 1) throw new BadQuery(`invalid label pair ${quoted(pair)}`);
      return [pair.slice(0, colon), pair.slice(colon + 1)];
    }),
  );
};

const quoted = (text: string) => JSON.stringify(text);

export const aggregations = [
  "average",
  "max",
  "min",
  "median",
  "count",
  "50-perc",
  "95-perc",
  "99-perc",
] as const;
export type Aggregation = (typeof aggregations)[number];

/** Of a comma-separated list. */
export const aggregationsIn = (written: string): Aggregation[] =>
  written.split(",").map((name) => {
    const found = aggregations.find((known) => known === name);
    if (found === undefined)
      throw new BadQuery(`unknown aggregation ${quoted(name)}, expected some of ${aggregations.join(", ")}`);
    return found;
  });

/** `bucket`: a whole number and `ms`, `s`, `m`, `h` or `d`, in nanoseconds; undefined for a single bucket. */
export const bucketIn = (query: URLSearchParams): bigint | undefined => {
  const written = query.get("bucket") ?? "";
  if (written === "") return undefined;
  const [, count = "", unit = ""] = /^(\d{1,15})(ms|s|m|h|d)$/.exec(written) ?? [];
  const size = units.get(unit);
  if (size === undefined || BigInt(count) === 0n)
    throw new BadQuery(
      `bucket is ${quoted(written)}, expected a whole number above 0 and one of ${[...units.keys()].join(", ")}`,
    );
  return BigInt(count) * size;
};

const units: ReadonlyMap<string, bigint> = new Map([
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
  ["d", 86_400_000_000_000n],
]);

import { useRef } from "preact/hooks";
import type { Subject } from "../pure/usage.ts";
import { mergedSeries } from "../pure/usage.ts";
import { usePolled } from "./polled.ts";
import { type Series, type Usage, usageShape } from "./shapes.ts";

/** What a subject uses now, with every point that was seen since the page shows it. */
export interface Used {
  /** The last good answer about this very subject. */
  readonly data: Usage | undefined;
  readonly series: Series;
  readonly error: string;
}

/**
 * The model store forgets most metrics after some minutes. Whoever watches sees them longer: what has been told once stays as long as the
 * subject does, up to a quarter of an hour.
 */
export const useUsage = (subject: Subject, { sort, limit }: { sort: string; limit: number }): Used => {
  const question = new URLSearchParams(Object.entries(subject).filter(([, name]) => name !== ""));
  const own = question.toString();
  if (sort !== "") question.set("sort", sort);
  if (limit > usualLimit) question.set("limit", String(limit));
  const polled = usePolled(`api/v1/usage${question.size === 0 ? "" : `?${question}`}`, usageShape);
  const kept = useRef<Kept>(nothing);
  const { data, isOld } = polled;
  if (kept.current.of !== own) kept.current = { ...nothing, of: own };
  if (data !== undefined && !isOld && kept.current.data !== data)
    kept.current = { of: own, data, series: mergedSeries(kept.current.series, data.series, longest) };
  return { data: kept.current.data, series: kept.current.series, error: polled.error };
};

interface Kept {
  readonly of: string;
  readonly data: Usage | undefined;
  readonly series: Series;
}

const nothing: Kept = { of: "", data: undefined, series: {} };
/** Seconds. */
export const longest = 900;
export const usualLimit = 100;

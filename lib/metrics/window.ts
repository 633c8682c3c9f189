import type { Window } from "./source.ts";

/** How long after a window's end kubelets are asked (spec A5): what belongs in it should be there by then. Milliseconds. */
const settling = 5_000;

/** Milliseconds from Go's zero time, which windows are counted from, to 1970. */
const beginning = -Date.parse("0001-01-01T00:00:00Z");

/**
 * The latest window that is over and has settled at `now`; all are Unix milliseconds. A schedule fires at no fixed second, so the window is told
 * by the clock and not by the firing.
 */
export const windowAt = (now: number, resolution: number): Window => {
  const end = Math.floor((now - settling + beginning) / resolution) * resolution - beginning;
  return { start: end - resolution, end };
};

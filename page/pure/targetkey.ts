import type { Target } from "../live/shapes.ts";

/** What the address calls a target by, the same after a reload: where it came from and its address. Very long ones are cut. */
export const keyOf = ({ source, discoveredLabels }: Pick<Target, "source" | "discoveredLabels">): string =>
  `${source} ${discoveredLabels.__address__ ?? ""}`.slice(0, 400);

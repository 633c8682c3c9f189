import { type Figure, power } from "./figure.ts";
import { exponent } from "./statistics.ts";

/**
 * How each figure grows with the workload, as a power of it: 1 is in proportion, 0 is not at all. Figures that are there at every
 * size, above zero, whose workload begins with the size; none of a single size.
 */
export const growth = (sizes: readonly number[], figures: readonly Figure[]): Figure[] => {
  if (sizes.length < 2) return [];
  const [first = "", ...rest] = sizes.map((size) => size.toLocaleString("en-US"));
  const at = `${power}pods, ${first} to ${rest.at(-1)}`;
  return [...Map.groupBy(figures, ({ name }) => name)].flatMap(([name, of]) => {
    const each = [first, ...rest].map((size) => of.find((figure) => figure.at === `${size} pods`));
    const fitted = (pick: (figure: Figure) => number | undefined): number | undefined => {
      const ys = each.map((figure) => (figure === undefined ? undefined : pick(figure)));
      const points = ys.flatMap((y, index) => (y !== undefined && y > 0 ? [{ x: sizes[index]!, y }] : []));
      return points.length === sizes.length ? Math.round(exponent(points) * 100) / 100 : undefined;
    };
    const ours = fitted((figure) => figure.ours);
    if (ours === undefined) return [];
    const peers = {
      prometheus: fitted((figure) => figure.prometheus),
      vmagent: fitted((figure) => figure.vmagent),
    };
    return [{ name, unit: "" as const, at, ours, ...peers }];
  });
};

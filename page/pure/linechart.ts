import type { Point } from "../live/shapes.ts";
import { inUnit, type Unit, unitFor } from "./amount.ts";
import { niceTicks } from "./chart.ts";
import type { ChartData, Level } from "./usage.ts";

/** What a line chart is drawn by. Times are Unix seconds, values as they came. */
export interface Scale {
  readonly since: number;
  readonly until: number;
  /** Of everything that is said of this chart. */
  readonly unit: Unit;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
  readonly top: number;
  /** Levels that are drawn; others lie so high that the lines would be flat below them. */
  readonly levels: readonly Level[];
}

/** Times of several charts side by side: what there is, but at least `least` and at most `most` seconds. */
export const spanOf = (
  charts: readonly ChartData[],
  { least, most }: { least: number; most: number },
): { since: number; until: number } => {
  const times = charts.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([at]) => at)));
  const until = Math.max(...times);
  const first = Math.min(...times);
  return { since: Math.max(until - most, Math.min(first, until - least)), until };
};

export const scaleOf = ({ of, lines, levels }: ChartData, span: { since: number; until: number }): Scale => {
  const highest = Math.max(0, ...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  const drawn = levels.filter(({ value }) => value <= farAbove * highest);
  const most = Math.max(highest, ...drawn.map(({ value }) => value));
  const unit = unitFor(of, most / 4);
  const ticks = niceTicks({ above: most / unit.size, below: 0 }, 4).map((tick) => ({
    value: tick * unit.size,
    text: tick === 0 ? "0" : inUnit(unit, tick * unit.size),
  }));
  return { ...span, unit, ticks, top: ticks.at(-1)?.value ?? 1, levels: drawn };
};

/** A level this many times above all that was ever used says more in words than as a line. */
const farAbove = 3;

/** An SVG path through the points, interrupted where more than `gap` seconds are missing. */
export const pathOf = (
  points: readonly Point[],
  { x, y, gap }: { x: (at: number) => number; y: (value: number) => number; gap: number },
): string =>
  points
    .map(([at, value], index) => {
      const before = points[index - 1]?.[0] ?? Number.NEGATIVE_INFINITY;
      return `${at - before > gap ? "M" : "L"}${x(at).toFixed(1)} ${y(Math.max(0, value)).toFixed(1)}`;
    })
    .join("");

/** The value of the point at a time, or of the last before it. */
export const valueAt = (points: readonly Point[], at: number): number | undefined =>
  points.findLast(([time]) => time <= at)?.[1];

/** Every time that any of the charts has a point of, ascending. */
export const timesOf = (charts: readonly ChartData[]): number[] =>
  [...new Set(charts.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([at]) => at))))].sort(
    (a, b) => a - b,
  );

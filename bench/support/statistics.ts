/** The middle one; of an even number the upper of the two. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The smallest value that so many per cent do not exceed. */
export const percentile = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1] ?? 0;

/** Least and most. */
export const spreadOf = (values: readonly number[]): [number, number] => [
  Math.min(...values),
  Math.max(...values),
];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How much y grows with one x, by least squares. */
export const slope = (points: readonly Point[]): number => {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const along = points.map((point) => (point.x - x) * (point.y - y));
  return mean(along) / mean(points.map((point) => (point.x - x) ** 2));
};

/** The power of x that y grows with, by least squares of their logarithms: 1 is in proportion, 0 does not grow. */
export const exponent = (points: readonly Point[]): number =>
  slope(points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) })));

/** What happened in one span of time. */
export interface Bin {
  /** Unix milliseconds; the span ends where the next begins. */
  readonly from: number;
  readonly until: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
}

export interface Happening {
  /** Unix milliseconds. */
  readonly at: number;
  readonly change: "added" | "updated" | "removed";
}

/** Spans of one length that cover `since` to `until` and begin at round times, with what happened in each. */
export const binned = (
  happenings: readonly Happening[],
  { since, until, most }: { since: number; until: number; most: number },
): Bin[] => {
  const width = roundSpan((until - since) / most);
  const first = Math.floor(since / width) * width;
  const bins = Array.from({ length: Math.max(1, Math.ceil((until - first) / width)) }, (_, index) => ({
    from: first + index * width,
    until: first + (index + 1) * width,
    added: 0,
    updated: 0,
    removed: 0,
  }));
  for (const { at, change } of happenings) {
    const bin = bins[Math.floor((at - first) / width)];
    if (bin !== undefined) bin[change] += 1;
  }
  return bins;
};

/** The next larger span that people count in. Milliseconds. */
export const roundSpan = (atLeast: number): number =>
  spans.find((span) => span >= atLeast) ?? Math.ceil(atLeast / day) * day;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const spans = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  day,
];

/** Round numbers from at most `-below` over nought to at least `above`, in about `count` equal steps. */
export const niceTicks = ({ above, below }: { above: number; below: number }, count: number): number[] => {
  const rough = Math.max(1, above + below) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power);
  const lowest = -Math.ceil(below / step);
  const highest = Math.max(1, Math.ceil(above / step));
  return Array.from({ length: highest - lowest + 1 }, (_, index) => (lowest + index) * step);
};

/** Round times within the span, at most `count` of them. Local time: midnight is a round time for whoever looks. */
export const timeTicks = (
  { since, until }: { since: number; until: number },
  count: number,
  offset: number,
): number[] => {
  const step = roundSpan((until - since) / count);
  const ticks: number[] = [];
  for (let at = Math.ceil((since - offset) / step) * step + offset; at <= until; at += step) ticks.push(at);
  return ticks;
};

/** How such a tick is written: as it needs to be for the span that the ticks are of. Milliseconds. */
export const timeWords = (at: number, span: number): string => {
  const time = new Date(at);
  const pad = (number: number) => String(number).padStart(2, "0");
  if (span > 2 * day) return `${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`;
  return span < 10 * minute ? `${clock}:${pad(time.getSeconds())}` : clock;
};

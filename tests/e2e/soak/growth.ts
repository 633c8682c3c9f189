import { median, type Point, slope } from "../../../bench/support/statistics.ts";
import type { Growth, SoakReport } from "./report.ts";
import type { Vitals } from "./vitals.ts";

type Sample = Vitals & { readonly at: number };

/**
 * What may grow in an hour: megabytes, but for the count of open files. The table keeps the history of all that changes, of which
 * about 64 MiB are mapped at most (local/table/level.ts).
 */
const most = { resident: 120, table: 120, own: 60, reserved: 60, heap: 12, files: 6 };

/**
 * Of less time nothing is said: the heap goes up and down by ten megabytes, and the allocator's arenas and V8's code
 * grow most in the first half hour. Milliseconds.
 */
const shortest = 1_200_000;
/** Milliseconds between two samples, on average, beyond which they do not tell enough. */
const thinnest = 30_000;
/** Seconds from which on the second half alone is long enough for the same. */
const longEnough = 2_400;

/** How one process grew; undefined when it did not live long enough to tell, or was asked too seldom. */
export const growthOf = (samples: readonly Sample[]): SoakReport["measured"] => {
  const [first, last] = [samples.at(0), samples.at(-1)];
  const lived = first && last ? last.at - first.at : 0;
  if (!first || !last || lived < shortest || samples.length < lived / thinnest) return undefined;
  const course = (limit: number, read: (sample: Sample) => number) =>
    courseOf(
      samples.map((sample) => ({ x: sample.at / 3_600_000, y: read(sample) })),
      limit,
    );
  return {
    seconds: Math.round(lived / 1000),
    resident: course(most.resident, ({ resident }) => resident / 1e6),
    table: course(most.table, ({ table }) => table / 1e6),
    own: course(most.own, ({ own }) => own / 1e6),
    reserved: course(most.reserved, ({ reserved }) => reserved / 1e6),
    heap: course(most.heap, ({ heap }) => heap / 1e6),
    files: course(most.files, ({ files }) => files),
  };
};

/** Seconds from which on a run has a process that lives long enough, since none is ended in its last two thirds. */
const measurable = 3_600;

/** One line, if a run that should have measured its memory did not; one of few kinds of faults may end the program until its end. */
export const unmeasured = ({ seconds, only, measured }: Pick<SoakReport, "seconds" | "only" | "measured">) =>
  seconds >= measurable && only === undefined && measured === undefined
    ? ["memory and open files were told too seldom, or for too short a time, to be judged"]
    : [];

/** What grew more than it may, over the whole life or in its second half, one line each. */
export const overgrown = (measured: SoakReport["measured"]): string[] =>
  Object.entries(measured ?? {}).flatMap(([name, growth]) => {
    if (typeof growth !== "object") return [];
    const isLong = (measured?.seconds ?? 0) >= longEnough;
    const grew = isLong ? Math.max(growth.perHour, growth.later) : growth.perHour;
    return grew > growth.most
      ? [`${name} grew by ${grew} an hour, of ${growth.first}; at most ${growth.most} are allowed`]
      : [];
  });

/** x in hours. */
const courseOf = (points: readonly Point[], limit: number): Growth => {
  const tenth = Math.max(1, Math.floor(points.length / 10));
  return {
    first: rounded(middle(points.slice(0, tenth))),
    last: rounded(middle(points.slice(-tenth))),
    perHour: rounded(slope(points)),
    later: rounded(slope(points.slice(points.length / 2))),
    most: limit,
  };
};

const rounded = (value: number) => Math.round(value * 10) / 10;

const middle = (points: readonly Point[]) => median(points.map(({ y }) => y));

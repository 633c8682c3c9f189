import * as z from "zod";

/** What became of one kind of fault over a run. */
const faultReport = z.object({
  where: z.string(),
  name: z.string(),
  promises: z.array(z.number()),
  /** How often it was tried. */
  tried: z.number(),
  /** Requests, events, watches or processes that it hit. */
  hit: z.number(),
  /** Sources that lists were wrong about for longer than they may be without a fault, which began with this one. */
  late: z.number(),
  /** The longest of them, seconds. */
  longest: z.number(),
});

const growth = z.object({
  /** At the beginning and the end of what was measured, medians of a tenth of it; and the growth in an hour by least squares. */
  first: z.number(),
  last: z.number(),
  perHour: z.number(),
  /** Of the second half alone: what levels off grows less. */
  later: z.number(),
  /** What it may grow in an hour; a run that grows more fails. */
  most: z.number(),
});

/** What a run of the soak found; docs/reliability.json has some. */
const soakReport = z.object({
  seed: z.number(),
  machine: z.string(),
  /** What was checked out. */
  commit: z.string(),
  /** Processes that ran or waited for a processor, on average of the last quarter of an hour. */
  load: z.number(),
  began: z.string(),
  /** Seconds with faults, and seconds that the lists then took to be right. */
  seconds: z.number(),
  repaired: z.number(),
  /** Of the faults only those whose names had this in them. */
  only: z.string().optional(),
  /** Changes a second that were asked for, and that were made while things went wrong; and all that were made. */
  pace: z.number(),
  perSecond: z.number(),
  changes: z.number(),
  lists: z.number(),
  /** Reads of a list that were refused or found nobody. */
  refused: z.number(),
  /** Reloads that were asked for all the time, and those that were refused or cut off. Absent in older reports. */
  reloads: z.number().optional(),
  reloadsRefused: z.number().optional(),
  starts: z.number(),
  faults: z.array(faultReport),
  /** Of the last life of the program, without the restarts: megabytes, and a count of open files. */
  measured: z
    .object({
      ...{ seconds: z.number(), resident: growth, table: growth, own: growth },
      ...{ reserved: growth, heap: growth, files: growth },
    })
    .optional(),
  letters: z.array(z.object({ queue: z.string(), because: z.string(), count: z.number() })),
  /** What broke a promise, one line each; empty in a run that passed. */
  violations: z.array(z.string()),
  /** What grew more than it may, one line each; the same. */
  overgrown: z.array(z.string()),
});

export const soakReports = z.array(soakReport);

export type SoakReport = z.infer<typeof soakReport>;
export type FaultReport = z.infer<typeof faultReport>;
export type Growth = z.infer<typeof growth>;

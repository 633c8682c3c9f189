import type { Shard } from "../httpsd/shard.ts";

/** Who read a job's list, and when last. */
export interface ReaderMark {
  readonly job: string;
  /** The name of its token; where no tokens are configured its address. */
  readonly reader: string;
  /** Which program, by the first word of its `User-Agent`; empty when it sent none. */
  readonly agent: string;
  /** Undefined: the whole list. */
  readonly shard: Shard | undefined;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Where readers leave their marks. A job has a fixed number of places, and each mark expires. */
export interface ReaderMarks {
  /** Takes the place of the reader's last mark if that is `pause` milliseconds old. A reader with the same place loses his mark to it. */
  put(mark: ReaderMark, pause: number): Promise<void>;
  /** Those of one job that have not expired, the latest first. */
  of(job: string): Promise<ReaderMark[]>;
}

/** Milliseconds that a mark lasts. */
export const markLife = 7 * 24 * 3_600_000;

/** The latest first; equal moments in a stable order. */
export const latestFirst = (marks: readonly ReaderMark[]): ReaderMark[] =>
  [...marks].sort((a, b) => b.at - a.at || (identityOf(a) < identityOf(b) ? -1 : 1));

/** Of one reader at one job. */
export const identityOf = ({ job, reader, agent, shard }: Omit<ReaderMark, "at">): string =>
  JSON.stringify([job, reader, agent, shard?.index, shard?.of]);

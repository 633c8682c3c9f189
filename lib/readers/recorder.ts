import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { identityOf, type ReaderMark, type ReaderMarks } from "./readers.ts";

/** Leaves marks for readers, now and then. */
export interface ReaderRecorder {
  /** Never rejects. Resolves at once for a reader that left a mark less than a minute ago. */
  record(reader: Omit<ReaderMark, "at">): Promise<void>;
}

export interface RecorderParts {
  readonly marks: Pick<ReaderMarks, "put">;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly log: Pick<Log, "warn">;
}

/**
 * At most one mark a minute and reader, and no more readers than fit: those beyond are not told apart from ones that
 * never came. A mark that cannot be written is lost, and the next attempt a minute away, so that a table in trouble does not
 * make every read slower.
 */
export const createReaderRecorder = ({ marks, clock, log }: RecorderParts): ReaderRecorder => {
  const lately = new Map<string, number>();
  const forget = (now: number) => {
    // In the order of their marks, so the first young one ends it.
    for (const [identity, at] of lately) {
      if (now - at < pause) return;
      lately.delete(identity);
    }
  };
  return {
    record: async (reader) => {
      const now = clock();
      const identity = identityOf(reader);
      forget(now);
      if (lately.has(identity) || lately.size >= most) return;
      lately.set(identity, now);
      try {
        await marks.put({ ...reader, at: now }, pause);
      } catch (error) {
        log.warn("reader not marked", { job: reader.job, reason: reasonOf(error) });
      }
    },
  };
};

/** Milliseconds between two marks of one reader. */
const pause = 60_000;

/** Readers of a minute: a thousand shards, or a prankster's names. */
const most = 1_000;

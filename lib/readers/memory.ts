import { placeOf } from "./place.ts";
import { latestFirst, markLife, type ReaderMark, type ReaderMarks } from "./readers.ts";

/** Marks in this process; unit tests run on it. */
export const createMemoryReaderMarks = (clock: () => number): ReaderMarks => {
  const marks = new Map<string, ReaderMark>();
  return {
    put: async (mark, pause) => {
      const { pk, sk, identity } = placeOf(mark);
      const place = `${pk} ${sk}`;
      const held = marks.get(place);
      if (held !== undefined && placeOf(held).identity === identity && held.at > mark.at - pause) return;
      marks.set(place, mark);
    },
    of: async (job) => {
      const living = [...marks.values()].filter((mark) => mark.job === job && mark.at + markLife > clock());
      return latestFirst(living);
    },
  };
};

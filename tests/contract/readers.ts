import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inFlight } from "../../lib/inflight.ts";
import { markLife, type ReaderMark, type ReaderMarks } from "../../lib/readers/readers.ts";

interface Made {
  readonly marks: ReaderMarks;
  readonly now: () => number;
  readonly pass: (milliseconds: number) => void;
}

/** What every place for reader marks does. */
export const readersContract = (name: string, make: () => Promise<Made>) =>
  describe(`reader marks in ${name}`, () => {
    const markAt = (at: number, over: Partial<ReaderMark> = {}): ReaderMark => ({
      job: "a/b",
      reader: "fleet-a",
      agent: "Prometheus/3.5.0",
      shard: undefined,
      at,
      ...over,
    });

    test("are given back as they were left, the latest first, those of other jobs not", async () => {
      const { marks, now } = await make();
      const whole = markAt(now());
      const part = markAt(now() + 1, { shard: { index: 0, of: 2 } });
      const other = markAt(now() + 2, { agent: "", reader: "127.0.0.1" });
      for (const mark of [whole, part, other, markAt(now(), { job: "a" })]) await marks.put(mark, 60_000);
      assert.deepEqual(await marks.of("a/b"), [other, part, whole]);
      assert.deepEqual(await marks.of("nobody's"), []);
    });

    test("take the place of the reader's own last one once that is old enough", async () => {
      const { marks, now } = await make();
      const first = markAt(now());
      await marks.put(first, 60_000);
      await marks.put(markAt(now() + 59_999), 60_000);
      assert.deepEqual(await marks.of("a/b"), [first]);
      const later = markAt(now() + 60_000);
      await marks.put(later, 60_000);
      assert.deepEqual(await marks.of("a/b"), [later]);
    });

    test("expire", async () => {
      const { marks, now, pass } = await make();
      await marks.put(markAt(now()), 60_000);
      pass(markLife - 1);
      assert.equal((await marks.of("a/b")).length, 1);
      pass(1);
      assert.deepEqual(await marks.of("a/b"), []);
    });

    test("have a bounded number of places, whatever readers call themselves", async () => {
      const { marks, now } = await make();
      const names = Array.from({ length: 700 }, (_, at) => `reader-${at}`);
      await inFlight(8, names, (reader) => marks.put(markAt(now(), { reader }), 60_000));
      const { length } = await marks.of("a/b");
      assert.ok(length > 300 && length <= 512, String(length));
    });
  });

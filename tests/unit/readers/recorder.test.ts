import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ReaderMark } from "../../../lib/readers/readers.ts";
import { createReaderRecorder } from "../../../lib/readers/recorder.ts";

const reader = { job: "pods", reader: "fleet-a", agent: "Prometheus/3.5.0", shard: undefined };

const setUp = (put: (mark: ReaderMark) => Promise<void> = async () => {}) => {
  let now = 1_000_000;
  const written: ReaderMark[] = [];
  const warnings: string[] = [];
  const recorder = createReaderRecorder({
    marks: {
      put: async (mark) => {
        written.push(mark);
        await put(mark);
      },
    },
    clock: () => now,
    log: { warn: (message) => void warnings.push(message) },
  });
  return {
    ...recorder,
    written,
    warnings,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
};

describe("the recorder of readers", () => {
  test("leaves one mark a minute and reader", async () => {
    const { record, written, pass } = setUp();
    await record(reader);
    pass(59_999);
    await record(reader);
    assert.deepEqual(written, [{ ...reader, at: 1_000_000 }]);
    pass(1);
    await record(reader);
    assert.equal(written.length, 2);
  });

  test("tells readers apart by job, name, program and shard", async () => {
    const { record, written } = setUp();
    const parts = [{}, { job: "a" }, { reader: "b" }, { agent: "" }, { shard: { index: 0, of: 2 } }];
    for (const part of parts) await record({ ...reader, ...part });
    assert.equal(written.length, parts.length);
  });

  test("never fails the read, and does not try a table in trouble again within the minute", async () => {
    const { record, written, warnings } = setUp(() => Promise.reject(new Error("no table")));
    await record(reader);
    await record(reader);
    assert.equal(written.length, 1);
    assert.deepEqual(warnings, ["reader not marked"]);
  });

  test("remembers so many readers of a minute and no more", async () => {
    const { record, written, pass } = setUp();
    for (let at = 0; at < 1_100; at += 1) await record({ ...reader, reader: String(at) });
    assert.equal(written.length, 1_000);
    pass(60_000);
    await record({ ...reader, reader: "late" });
    assert.equal(written.at(-1)?.reader, "late");
  });
});

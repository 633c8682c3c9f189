import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createLineSplitter } from "../../../../../lib/discovery/kubernetes/watch/lines.ts";

describe("lines", () => {
  test("come out whole, however their bytes arrive", () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 30 });
    const texts = fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", " ")));
    fc.assert(
      fc.property(texts, cuts, (lines, at) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const splitter = createLineSplitter(10_000);
        const ends = [...new Set([...at.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
          (a, b) => a - b,
        );
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        assert.deepEqual(
          pieces.flatMap((piece) => splitter.take(piece)),
          lines,
        );
        assert.equal(splitter.pending(), 0);
      }),
    );
  });

  test("without an end are counted", () => {
    const splitter = createLineSplitter(100);
    assert.deepEqual(splitter.take(Buffer.from("a\nbc")), ["a"]);
    assert.equal(splitter.pending(), 2);
  });

  test("are no longer than allowed, though they never end", () => {
    const splitter = createLineSplitter(8);
    for (let piece = 0; piece < 8; piece++) splitter.take(Buffer.from("x"));
    assert.throws(() => splitter.take(Buffer.from("x")), { message: "a line is longer than 8 bytes" });
    assert.throws(() => createLineSplitter(8).take(Buffer.from("123456789\n")), /longer than 8 bytes/);
    assert.deepEqual(createLineSplitter(8).take(Buffer.from("12345678\n")), ["12345678"]);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { cutPieces, joinPieces, type Piece } from "../../../lib/httpsd/pieces.ts";
import type { Live } from "../../../lib/pool/view.ts";

const live = (source: string, mark: number): Live => ({
  source,
  version: { epoch: 1, sequence: mark },
  hash: String(mark),
  group: { source, labels: {}, targets: [] },
});
const textOf = ({ source, hash }: Live) => (source.endsWith("7") ? "" : `{${source}:${hash}}`);
const textOfPieces = (pieces: readonly Piece<Live>[]) =>
  pieces
    .map(({ bytes }) => Buffer.from(bytes).toString())
    .filter((text) => text !== "")
    .join(",");

describe("pieces of a list", () => {
  test("are the same bytes after any changes as if cut afresh", () => {
    const change = fc.record({ at: fc.nat({ max: 999 }), gone: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 12 }), (rounds) => {
        const entries = new Map<string, Live>();
        let pieces: Piece<Live>[] = [];
        let mark = 0;
        for (const round of [Array.from({ length: 500 }, (_, at) => ({ at, gone: false })), ...rounds]) {
          for (const { at, gone } of round) {
            const source = `pod/${String(at).padStart(4, "0")}`;
            mark += 1;
            if (gone) entries.delete(source);
            else entries.set(source, live(source, mark));
          }
          const sorted = [...entries.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
          pieces = cutPieces(sorted, pieces, textOf);
          assert.equal(textOfPieces(pieces), textOfPieces(cutPieces(sorted, [], textOf)));
        }
      }),
      { numRuns: 50 },
    );
  });

  test("are rendered when their turn comes, and once", () => {
    const entries = Array.from({ length: 2000 }, (_, at) => live(`pod/${String(at).padStart(4, "0")}`, 1));
    let rendered = 0;
    const pieces = cutPieces(entries, [], (entry) => {
      rendered += 1;
      return textOf(entry);
    });
    assert.equal(rendered, 0);
    const parts = joinPieces(pieces);
    parts.next();
    assert.equal(rendered, 0);
    parts.next();
    assert.equal(rendered, pieces[0]?.entries.length);
    const whole = Buffer.concat([...joinPieces(pieces)]).toString();
    assert.equal(rendered, entries.length);
    assert.equal(Buffer.concat([...joinPieces(pieces)]).toString(), whole);
    assert.equal(rendered, entries.length);
  });

  test("in which nothing moved are taken over", () => {
    const entries = Array.from({ length: 2000 }, (_, at) => live(`pod/${String(at).padStart(4, "0")}`, 1));
    const before = cutPieces(entries, [], textOf);
    assert.ok(before.length > 10);
    const after = cutPieces(entries.with(1000, live("pod/1000", 2)), before, textOf);
    const kept = after.filter((piece) => before.includes(piece));
    assert.equal(kept.length, before.length - 1);
    const grown = cutPieces(entries.toSpliced(1000, 0, live("pod/0999a", 2)), before, textOf);
    assert.ok(grown.filter((piece) => before.includes(piece)).length >= before.length - 1);
  });
});

import { crc32 } from "node:zlib";
import type { Live } from "../pool/view.ts";

/** Neighbouring groups of a list as the bytes that are sent: `{…},{…}`, one write to the reader's connection each. */
export interface Piece {
  readonly entries: readonly Live[];
  /** Empty when none of its groups has a target. */
  readonly bytes: Uint8Array;
}

/**
 * Cuts an ordered list into pieces, taking over those of `before` in which nothing moved: of a list of 40 MB one
 * changed group then costs one piece. Cuts follow from the names of the sources alone, so an insertion moves only the
 * cuts of its own piece.
 */
export const cutPieces = (
  entries: readonly Live[],
  before: readonly Piece[],
  textOf: (entry: Live) => string,
): Piece[] => {
  const known = new Map(before.map((piece) => [piece.entries[0], piece]));
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = 0; at < entries.length; at += 1) {
    const isCut = at + 1 - from >= mostEntries || isLast(entries[at]!) || at + 1 === entries.length;
    if (!isCut) continue;
    const own = entries.slice(from, at + 1);
    const same = known.get(own[0]);
    pieces.push(same !== undefined && areSame(own, same.entries) ? same : render(own, textOf));
    from = at + 1;
  }
  return pieces;
};

/** A pod with its containers is 2 to 4 kB: pieces of about 200 kB. */
const usualEntries = 64;
const mostEntries = usualEntries * 4;

const cuts = new WeakMap<Live, boolean>();

/** Remembered, since it is asked of every entry whenever one has moved. */
const isLast = (entry: Live): boolean => {
  const known = cuts.get(entry);
  if (known !== undefined) return known;
  const cut = crc32(entry.source) % usualEntries === 0;
  cuts.set(entry, cut);
  return cut;
};

const areSame = (a: readonly Live[], b: readonly Live[]) =>
  a.length === b.length && a.every((entry, index) => entry === b[index]);

const render = (entries: readonly Live[], textOf: (entry: Live) => string): Piece => ({
  entries,
  bytes: Buffer.from(
    entries
      .map(textOf)
      .filter((text) => text !== "")
      .join(","),
  ),
});

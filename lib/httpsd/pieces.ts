import { crc32 } from "node:zlib";

/** Neighbouring groups of a list as the bytes that are sent: `{…},{…}`, one write to the reader's connection each. */
export interface Piece<Entry extends Named> {
  readonly entries: readonly Entry[];
  /** Empty when none of its groups has a target. Rendered when somebody asks first. */
  readonly bytes: Uint8Array;
}

/** What is known of an entry here; the same object stands for the same content. */
interface Named {
  readonly source: string;
}

/**
 * Cuts an ordered list into pieces, taking over those of `before` in which nothing moved: of a list of 40 MB one
 * changed group then costs one piece. Cuts follow from the names of the sources alone, so an insertion moves only the
 * cuts of its own piece.
 */
export const cutPieces = <Entry extends Named>(
  entries: readonly Entry[],
  before: readonly Piece<Entry>[],
  textOf: (entry: Entry) => string,
): Piece<Entry>[] => {
  const known = new Map(before.map((piece) => [piece.entries[0], piece]));
  const pieces: Piece<Entry>[] = [];
  let from = 0;
  for (let at = 0; at < entries.length; at += 1) {
    const isCut = at + 1 - from >= mostEntries || isLast(entries[at]!) || at + 1 === entries.length;
    if (!isCut) continue;
    const own = entries.slice(from, at + 1);
    const same = known.get(own[0]);
    pieces.push(same !== undefined && areSame(own, same.entries) ? same : pieceOf(own, textOf));
    from = at + 1;
  }
  return pieces;
};

/** The whole list's bytes in order, `[]` for none; each piece is asked for its bytes when its turn comes. */
export function* joinPieces(pieces: Iterable<{ readonly bytes: Uint8Array }>): Generator<Uint8Array> {
  yield open;
  let isFirst = true;
  for (const { bytes } of pieces) {
    if (bytes.length === 0) continue;
    if (!isFirst) yield comma;
    isFirst = false;
    yield bytes;
  }
  yield close;
}

export const sizeOf = (pieces: Iterable<Uint8Array>): number => {
  let size = 0;
  for (const { length } of pieces) size += length;
  return size;
};

/** The size if it is more than `most`. */
export const sizeOver = (pieces: Iterable<Uint8Array>, most: number): number | undefined => {
  const size = sizeOf(pieces);
  return size > most ? size : undefined;
};

const open = Buffer.from("[");
const comma = Buffer.from(",");
const close = Buffer.from("]");

/** A pod with its containers is 2 to 4 kB: pieces of about 200 kB. */
const usualEntries = 64;
const mostEntries = usualEntries * 4;

const cuts = new WeakMap<Named, boolean>();

/** Remembered, since it is asked of every entry whenever one has moved. */
const isLast = (entry: Named): boolean => {
  const known = cuts.get(entry);
  if (known !== undefined) return known;
  const cut = crc32(entry.source) % usualEntries === 0;
  cuts.set(entry, cut);
  return cut;
};

const areSame = (a: readonly Named[], b: readonly Named[]) =>
  a.length === b.length && a.every((entry, index) => entry === b[index]);

const pieceOf = <Entry extends Named>(
  entries: readonly Entry[],
  textOf: (entry: Entry) => string,
): Piece<Entry> => {
  let bytes: Uint8Array | undefined;
  return {
    entries,
    get bytes() {
      bytes ??= render(entries.map(textOf));
      return bytes;
    },
  };
};

const render = (texts: readonly string[]): Uint8Array =>
  Buffer.from(texts.filter((text) => text !== "").join(","));

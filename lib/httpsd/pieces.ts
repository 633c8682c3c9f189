import { crc32 } from "node:zlib";

/** Neighbouring groups of a list as the bytes that are sent: `{…},{…}`, one write to the reader's connection each. */
export interface Piece<Entry extends Named> {
  readonly entries: readonly Entry[];
  /** Empty when none of its groups has a target. */
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
    pieces.push(same !== undefined && areSame(own, same.entries) ? same : render(own, textOf));
    from = at + 1;
  }
  return pieces;
};

/** The whole list's bytes in order, `[]` for none. */
export const joinPieces = (pieces: readonly { readonly bytes: Uint8Array }[]): Uint8Array[] => {
  const full = pieces.filter(({ bytes }) => bytes.length > 0);
  return [open, ...full.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [comma, bytes])), close];
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

const render = <Entry extends Named>(
  entries: readonly Entry[],
  textOf: (entry: Entry) => string,
): Piece<Entry> => ({
  entries,
  bytes: Buffer.from(
    entries
      .map(textOf)
      .filter((text) => text !== "")
      .join(","),
  ),
});

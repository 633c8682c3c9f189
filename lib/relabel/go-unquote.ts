/** Where a quoted text that begins at `start` ends: behind its closing quote. Undefined when it does not end. */
export const quotedEnd = (text: string, start: number): number | undefined => {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === quote) return at + 1;
    if (quote === "`") continue;
    if (text[at] === "\n") return undefined;
    if (text[at] === "\\") at += 1;
  }
  return undefined;
};

/**
 * What a text in quotes means, by Go's rules, which are PromQL's: between backquotes everything is itself; between the
 * others a backslash begins an escape, of which `\xhh` and `\ooo` are bytes. Undefined for a bad escape.
 */
export const unquoted = (text: string): string | undefined => {
  const quote = text[0]!;
  const inner = text.slice(1, -1);
  if (quote === "`") return inner;
  const pieces: Buffer[] = [];
  for (let rest = inner; rest !== ""; ) {
    const plain = /^[^\\]+/.exec(rest)?.[0];
    const piece =
      plain === undefined ? escapeIn(rest, quote) : { length: plain.length, bytes: Buffer.from(plain) };
    if (piece === undefined) return undefined;
    pieces.push(piece.bytes);
    rest = rest.slice(piece.length);
  }
  return Buffer.concat(pieces).toString("utf8");
};

interface Piece {
  readonly length: number;
  readonly bytes: Buffer;
}

const escapeIn = (text: string, quote: string): Piece | undefined => {
  const letter = text[1] ?? "";
  const simple = letter === quote ? quote : simpleEscapes[letter];
  if (simple !== undefined) return { length: 2, bytes: Buffer.from(simple) };
  const [all, octal, byte, ...code] = escapePattern.exec(text) ?? [];
  if (all === undefined) return undefined;
  const length = all.length;
  if (octal !== undefined) {
    const value = Number.parseInt(octal, 8);
    return value > 0xff ? undefined : { length, bytes: Buffer.from([value]) };
  }
  if (byte !== undefined) return { length, bytes: Buffer.from(byte, "hex") };
  const point = Number.parseInt(code[0] ?? code[1] ?? "", 16);
  return point > 0x10ffff ? undefined : { length, bytes: Buffer.from(String.fromCodePoint(point)) };
};

const escapePattern = /^\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;

const simpleEscapes: Readonly<Record<string, string | undefined>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

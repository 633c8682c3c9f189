/**
 * Go's strings.ToLower and strings.ToUpper: every code point by itself, to exactly one other. JavaScript looks at the
 * neighbours (final sigma) and may answer with several (`ß` to `SS`).
 */
export const toLower = (text: string): string =>
  ascii.test(text) ? text.toLowerCase() : Array.from(text, lowerOne).join("");

export const toUpper = (text: string): string =>
  ascii.test(text) ? text.toUpperCase() : Array.from(text, upperOne).join("");

const ascii = /^[^\u0080-\uffff]*$/;

/** One code point has a lower case of two; its simple one is the plain letter. */
const lowerOne = (character: string): string => (character === "İ" ? "i" : character.toLowerCase());

const upperOne = (character: string): string => {
  const full = character.toUpperCase();
  return isOne(full) ? full : (titleCase(character) ?? character);
};

const isOne = (text: string) => text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);

/** Greek letters with a subscript iota have a simple upper case too; the rest of those with a long one have none. */
const titleCase = (character: string): string | undefined => {
  const code = character.codePointAt(0)!;
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? String.fromCodePoint(code + 9) : undefined;
};

/**
 * A text that a terminal shows and never obeys: labels may come from anybody, with control sequences and marks that turn
 * the direction of writing. They are shown as escapes.
 */
export const clean = (text: string): string => text.toWellFormed().replace(dangerous, escaped);

/** JSON that is the same for a program and harmless on a terminal. */
export const cleanJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(dangerousInJson, escaped);

/** Control characters of both blocks, line separators, and marks without a width of their own. */
const dangerous = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Line breaks between the members are ours; those in texts are escaped already. */
const dangerousInJson = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu;

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => {
    const code = character.charCodeAt(at);
    return shortForms[code] ?? `\\u${code.toString(16).padStart(4, "0")}`;
  }).join("");

const shortForms: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r" };

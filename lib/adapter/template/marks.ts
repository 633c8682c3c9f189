/**
 * Texts of others in alphabets of their own (in Unicode's private area), so that it shows in what a template made of them where they went. A
 * template takes marked texts for what they say: lengths, comparisons and keys are the same.
 */
export type Mark = "caller" | "series";

const firsts = { caller: 0xe000, series: 0xe100 } as const;
const patterns = { caller: /[\ue000-\ue07f]/, series: /[\ue100-\ue17f]/ } as const;

/** ASCII; other signs stay what they are. */
export const marked = (text: string, mark: Mark): string =>
  text.replace(/[\0-\x7f]/g, (sign) => String.fromCharCode(firsts[mark] + sign.charCodeAt(0)));

export const isMarked = (text: string, mark: Mark): boolean => patterns[mark].test(text);

export const unmarked = (text: string): string =>
  text.replace(/[\ue000-\ue07f\ue100-\ue17f]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) & 0x7f));

/** What a map has under a key, whichever of the two is marked. */
export const heldBy = (map: ReadonlyMap<string, string>, key: string): string | undefined =>
  map.get(key) ?? [...map].find(([one]) => unmarked(one) === unmarked(key))?.[1];

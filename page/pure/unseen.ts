/** A stretch of a text: as it is, or the name of one character that would not be seen or would turn its neighbours around. */
export interface Stretch {
  readonly text: string;
  readonly isUnseen: boolean;
}

/** Control characters, zero-width ones and marks of writing direction, each named as `U+202E`; the rest as it is. */
export const stretchesOf = (text: string): Stretch[] => {
  const stretches: Stretch[] = [];
  let done = 0;
  for (const { index, 0: found } of text.matchAll(unseen)) {
    if (index > done) stretches.push({ text: text.slice(done, index), isUnseen: false });
    stretches.push({ text: nameOf(found), isUnseen: true });
    done = index + found.length;
    if (stretches.length >= mostStretches) break;
  }
  if (done < text.length) stretches.push({ text: text.slice(done), isUnseen: false });
  return stretches;
};

const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

const nameOf = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** A text of nothing else would make a document of millions of elements; what follows then stands as it is. */
const mostStretches = 2000;

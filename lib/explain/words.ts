/** `1 target`, `3 targets`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** How long ago, in the largest unit that fits. Both are Unix milliseconds. */
export const ago = (then: number, now: number): string => {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  const [size, unit] = units.find(([least]) => seconds >= least) ?? ([1, "second"] as const);
  return `${counted(Math.floor(seconds / size), unit)} ago`;
};

const units = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

export const moment = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A few of a list that may be long, each of them short; `count` where only its beginning is at hand. */
export const few = (words: readonly string[], most = 5, count = words.length): string => {
  const shown = words
    .slice(0, most)
    .map((word) => brief(word))
    .join(", ");
  return count <= most ? shown : `${shown} and ${count - most} more`;
};

/** What somebody typed, or a label's value, in a sentence: short, and on one line. */
export const brief = (text: string, most = 200): string => {
  const line = text.replace(/\p{Cc}+/gu, " ");
  return line.length <= most ? line : `${line.slice(0, most).toWellFormed()}…`;
};

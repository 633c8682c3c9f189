/**
 * What most patterns of relabelling rules are: a few words to choose from, or one free stretch between two words. Such
 * need no regular expression to be matched.
 */
export type Shape =
  | { readonly kind: "words"; readonly words: ReadonlySet<string>; readonly isGroup: boolean }
  | {
      readonly kind: "stretch";
      readonly prefix: string;
      readonly suffix: string;
      /** How many code units the stretch has at least: 0 for `.*`, 1 for `.+`. */
      readonly least: number;
      readonly isGroup: boolean;
    };

/** The shape of a pattern, such as `a|b`, `(a|b)`, `x(.+)` or `.*`; undefined when it is more than that. */
export const shapeOf = (regex: string): Shape | undefined => {
  const stretch = stretchPattern.exec(regex);
  if (stretch !== null) return stretchOf(stretch);
  const words = /^\((\?:)?(.*)\)$/s.exec(regex);
  const list = words === null ? regex : words[2]!;
  return wordsPattern.test(list)
    ? {
        kind: "words",
        words: new Set(choicesOf(list)),
        isGroup: words !== null && words[1] === undefined,
      }
    : undefined;
};

/** Characters that mean themselves: none of RE2's operators, or behind a backslash what is no letter or digit. */
const word = String.raw`(?:[^\\.+*?()|[\]{}^$]|\\[^A-Za-z0-9])*`;
const wordsPattern = new RegExp(String.raw`^${word}(?:\|${word})*$`, "su");
const stretchPattern = new RegExp(String.raw`^(${word})(?:\(\.([*+])\)|\.([*+]))(${word})$`, "su");

const stretchOf = ([, prefix = "", inGroup, bare, suffix = ""]: RegExpExecArray): Shape => ({
  kind: "stretch",
  prefix: literal(prefix),
  suffix: literal(suffix),
  least: (inGroup ?? bare) === "+" ? 1 : 0,
  isGroup: inGroup !== undefined,
});

/** Cut at each `|` that has no backslash in front. */
const choicesOf = (list: string): string[] =>
  Array.from(`|${list}`.matchAll(/\|((?:\\.|[^\\|])*)/gsu), ([, choice = ""]) => literal(choice));

const literal = (text: string) => text.replace(/\\(.)/gsu, "$1");

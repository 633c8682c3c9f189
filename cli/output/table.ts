import type { Io, Screen } from "../command.ts";
import { clean } from "./clean.ts";

/** A table with a heading, two blanks between its columns; cut to the terminal's width when it goes to one. */
export const table = (
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  screen: Screen,
): string => {
  const cells = [heading, ...rows].map((row) => row.map(clean));
  const widths = fitted(
    heading.map((_, column) =>
      cells.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? "")), 0),
    ),
    screen.columns,
  );
  return cells.map((row) => `${line(row, widths)}\n`).join("");
};

/** Takes from the widest columns what the terminal has no room for; none becomes narrower than a word. */
const fitted = (widths: readonly number[], columns: number | undefined): readonly number[] => {
  if (columns === undefined) return widths;
  const result = [...widths];
  for (;;) {
    const surplus = result.reduce((sum, width) => sum + width, gap * (result.length - 1)) - columns;
    const widest = Math.max(...result);
    if (surplus <= 0 || widest <= narrowest) return result;
    const next = Math.max(narrowest, ...result.filter((width) => width < widest));
    const many = result.filter((width) => width === widest).length;
    const taken = Math.max(1, Math.min(widest - next, Math.ceil(surplus / many)));
    for (const [at, width] of result.entries()) if (width === widest) result[at] = width - taken;
  }
};

const gap = 2;
const narrowest = 8;

const line = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((cell, column) => {
      const text = cut(cell, widths[column] ?? 0);
      return text + " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text)));
    })
    .join(" ".repeat(gap))
    .trimEnd();

const cut = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
};

/** In cells of a terminal: marks take none, East Asian characters and emoji two. */
const widthOf = (text: string): number => {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += mark.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
};

const narrow = /^[\u0020-\u02ff]*$/;
const mark = /^\p{M}$/u;
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff00-\uff60]$/u;

/** Colours for the words of a line; none unless a terminal reads, and none when NO_COLOR asks for that. */
export const paint = ({ out, environment }: Pick<Io, "out" | "environment">) => {
  const isColoured =
    out.columns !== undefined && (environment.NO_COLOR ?? "") === "" && environment.TERM !== "dumb";
  const painted = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { good: painted(32), bad: painted(31), change: painted(33), strong: painted(1) };
};

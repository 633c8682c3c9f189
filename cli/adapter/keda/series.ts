import { quoted } from "../../../lib/config/go-text.ts";
import { parseSelector } from "../../../lib/relabel/selector.ts";

/** The name that a series query asks for, if it is one certain name. */
export const seriesNameIn = (seriesQuery: string): string | undefined => {
  const { name, matchers } = partsOf(seriesQuery);
  if (name !== undefined) return name;
  return matchers.find((matcher) => matcher.name === "__name__" && matcher.operator === "=")?.value;
};

/** Whether a series query can have found a series of this name, by what it says of names. */
export const mayFind = (seriesQuery: string, series: string): boolean => {
  const { name, matchers } = partsOf(seriesQuery);
  if (name !== undefined) return name === series;
  const ofName = matchers.filter((matcher) => matcher.name === "__name__");
  const written = ofName.map(({ operator, value }) => `__name__${operator}${quoted(value)}`).join(",");
  const parsed = parseSelector(`{${written}}`);
  return "selector" in parsed && parsed.selector.matches(new Map([["__name__", series]]));
};

const partsOf = (seriesQuery: string) => {
  const [, name, braces = "{}"] = /^\s*([a-zA-Z_:][\w:]*)?\s*(\{.*\})?\s*$/s.exec(seriesQuery) ?? [];
  const parsed = parseSelector(braces);
  return { name, matchers: "selector" in parsed ? parsed.selector.matchers : [] };
};

/**
 * The first series selector of a query, as it is written there: what must exist for the query to say anything. Undefined for a query about
 * no series.
 */
export const firstSelector = (promql: string): string | undefined => {
  for (let at = 0; at < promql.length; ) {
    piece.lastIndex = at;
    const [all = promql[at] ?? "", list, word] = piece.exec(promql) ?? [];
    if (word !== undefined) {
      const rest = promql.slice(at + all.length);
      if (/^\s*\{/.test(rest)) return `${word}${bracesIn(rest)}`;
      // A function, or an aggregation whose labels come first.
      if (!/^\s*(?:\(|(?:by|without)\b)/i.test(rest) && !keywords.has(word.toLowerCase())) return word;
    } else if (all.startsWith("{") && list === undefined) return bracesIn(promql.slice(at));
    at += all.length;
  }
  return undefined;
};

/** Blanks, comments, texts, ranges and label lists are passed over; of the rest words and opening braces count. */
const piece =
  /\s+|#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\[[^\]]*\]|(?:offset|@)\s*-?\s*[\w.]+|(?:by|without|on|ignoring|group_left|group_right)\s*(\([^)]*\))|[\d.][\w.]*|([a-zA-Z_:][\w:]*)|[^\s]/giy;

const keywords = new Set([
  "and",
  "or",
  "unless",
  "bool",
  "atan2",
  "inf",
  "nan",
  "group_left",
  "group_right",
  "start",
  "end",
]);

const bracesIn = (text: string): string =>
  /^\s*(\{(?:[^}"'`]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)*\})/.exec(text)?.[1] ?? "";

import { RE2JS } from "re2js";
import { quoted } from "../config/go-text.ts";
import type { Labels } from "./labels.ts";
import { compilePattern } from "./pattern.ts";
import { regexError } from "./rule.ts";
import { readSelector, SelectorError, type WrittenMatcher } from "./selector-text.ts";

/** What a series selector asks of labels. An absent label reads as empty. */
export interface Selector {
  readonly matchers: readonly WrittenMatcher[];
  matches(labels: Pick<Labels, "get">): boolean;
}

/**
 * A selector in Prometheus's syntax, such as `{namespace="shop",pod=~"web-.*"}`, for labels instead of series: a metric's
 * name is refused, and `{}` selects everything. The error is one line that says where and what was expected.
 */
export const parseSelector = (text: string): { readonly selector: Selector } | { readonly error: string } => {
  if (text.length > longest) return { error: `a selector has at most ${longest} characters` };
  try {
    const matchers = readSelector(text.toWellFormed());
    const tests = matchers.map(testOf);
    return { selector: { matchers, matches: (labels) => tests.every((test) => test(labels)) } };
  } catch (error) {
    if (error instanceof SelectorError) return { error: error.message };
    throw error;
  }
};

const longest = 10_000;

/** Of all `{n,m}` of one pattern together. */
const mostRepetitions = 200;
const mostInstructions = 2_000;

/**
 * A pattern's time is linear in the text, times the size of its program; a few hundred characters can make a program of
 * a hundred thousand instructions, and whoever asks is anybody.
 */
const tooCostly = (regex: string): string | undefined => {
  const counts = [...regex.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Number(most || least));
  const sum = counts.reduce((total, count) => total + count, 0);
  if (sum > mostRepetitions) return `repeats more than ${mostRepetitions} times in all`;
  if (regexError(regex) !== undefined) return undefined;
  const size = RE2JS.compile(regex).programSize();
  return size > mostInstructions
    ? `is too large: ${size} instructions, at most ${mostInstructions}`
    : undefined;
};

const testOf = ({ name, operator, value }: WrittenMatcher): ((labels: Pick<Labels, "get">) => boolean) => {
  const isWanted = operator === "=" || operator === "=~";
  if (operator === "=" || operator === "!=")
    return (labels) => ((labels.get(name) ?? "") === value) === isWanted;
  const wrong = tooCostly(value) ?? regexError(value);
  if (wrong !== undefined) throw new SelectorError(`label ${quoted(name)}: ${wrong}`);
  const pattern = compilePattern(value);
  return (labels) => pattern.test(labels.get(name) ?? "") === isWanted;
};

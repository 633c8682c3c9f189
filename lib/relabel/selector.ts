import { RE2JS, RE2Set } from "re2js";
import { quoted } from "../config/go-text.ts";
import { TooCostlyError } from "../turns.ts";
import type { Labels } from "./labels.ts";
import { compilePattern } from "./pattern.ts";
import { regexError } from "./rule.ts";
import { readSelector, SelectorError, type WrittenMatcher } from "./selector-text.ts";
import { shapeOf } from "./shape.ts";

/** What a series selector asks of labels. An absent label reads as empty. */
export interface Selector {
  readonly matchers: readonly WrittenMatcher[];
  /** Instructions of its regular expressions together. */
  readonly size: number;
  /** Throws TooCostlyError at a value that is too long for its regular expression. */
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
    const size = tests.reduce((sum, test) => sum + test.size, 0);
    const error = tooLarge(size);
    if (error !== undefined) return { error };
    const holds = (labels: Pick<Labels, "get">) => tests.every((test) => test.holds(labels));
    return { selector: { matchers, size, matches: holds } };
  } catch (error) {
    if (error instanceof SelectorError) return { error: error.message };
    throw error;
  }
};

/** What is wrong with regular expressions of so many instructions in one question, if anything. */
export const tooLarge = (size: number): string | undefined =>
  size > mostInstructions
    ? `the regular expressions are too large: ${size} instructions, at most ${mostInstructions} in one question`
    : undefined;

const longest = 10_000;

/** Of all `{n,m}` of one pattern together. */
const mostRepetitions = 200;
const mostInstructions = 2_000;

/** Instructions times code units: a second at the very worst, and every plain pattern on every value that a cluster can hold. */
const mostSteps = 4_000_000;

/** Bytes of automaton that each regular expression may keep; of the engine's own eight megabytes a thousand questions would fill any memory. */
const mostMemory = 256 * 1024;

interface Condition {
  readonly size: number;
  readonly holds: (labels: Pick<Labels, "get">) => boolean;
}

const testOf = ({ name, operator, value }: WrittenMatcher): Condition => {
  const isWanted = operator === "=" || operator === "=~";
  if (operator === "=" || operator === "!=")
    return { size: 0, holds: (labels) => ((labels.get(name) ?? "") === value) === isWanted };
  const { size, test } = patternOf(name, value);
  return { size, holds: (labels) => test(labels.get(name) ?? "") === isWanted };
};

/**
 * A regular expression of whoever asks. Its time is linear in the text, times the size of its program; a few hundred
 * characters can make a program of a hundred thousand instructions.
 */
const patternOf = (name: string, regex: string): { size: number; test: (text: string) => boolean } => {
  if (shapeOf(regex) !== undefined) return { size: 0, test: compilePattern(regex).test };
  const wrong = tooManyRepetitions(regex) ?? regexError(regex);
  if (wrong !== undefined) throw new SelectorError(`label ${quoted(name)}: ${wrong}`);
  const whole = `^(?s:${regex})$`;
  const size = RE2JS.compile(whole).programSize();
  const set = new RE2Set(RE2Set.UNANCHORED, 0, mostMemory);
  set.add(whole);
  const test = (text: string) => {
    if (size * text.length > mostSteps) throw new TooCostlyError(tooLong(name, text.length));
    return set.match(text).length > 0;
  };
  return { size, test };
};

const tooManyRepetitions = (regex: string): string | undefined => {
  const counts = [...regex.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Number(most || least));
  const sum = counts.reduce((total, count) => total + count, 0);
  return sum > mostRepetitions ? `repeats more than ${mostRepetitions} times in all` : undefined;
};

const tooLong = (name: string, length: number) =>
  `label ${quoted(name)}: a value of ${length} characters is too long for this regular expression; take a smaller one, or .* around a word`;

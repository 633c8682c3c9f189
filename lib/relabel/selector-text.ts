import { quoted } from "../config/go-text.ts";
import { quotedEnd, unquoted } from "./go-unquote.ts";

/** One condition of a selector as written, its texts without quotes. */
export interface WrittenMatcher {
  readonly name: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** What is wrong with a selector, with the place counted from 1. */
export class SelectorError extends Error {
  override name = "SelectorError";
}

/** The conditions between a selector's braces, by Prometheus's grammar (`promql/parser/generated_parser.y`). */
export const readSelector = (text: string): WrittenMatcher[] => {
  const tokens = tokensOf(text);
  const next = () => tokens.next().value ?? end;
  const opening = next();
  if (opening.kind === "name") throw wrong(opening, "{: targets have no metric name");
  if (opening.text !== "{") throw wrong(opening, "{");
  const matchers: WrittenMatcher[] = [];
  for (let token = next(); token.text !== "}" || token.kind !== "sign"; ) {
    matchers.push(readMatcher(token, next));
    token = next();
    if (token.text === "," && token.kind === "sign") token = next();
    else if (token.text !== "}" || token.kind !== "sign") throw wrong(token, ", or }");
  }
  const rest = next();
  if (rest !== end) throw wrong(rest, "the end");
  return matchers;
};

interface Token {
  readonly kind: "name" | "string" | "sign" | "end";
  /** Without quotes. */
  readonly text: string;
  readonly position: number;
}

const end: Token = { kind: "end", text: "", position: 0 };

const readMatcher = (first: Token, next: () => Token): WrittenMatcher => {
  if (first.kind !== "name" && first.kind !== "string") throw wrong(first, "a label name or }");
  if (first.text === "") throw wrong(first, "a label name");
  const sign = next();
  const operator = operators.find((one) => sign.kind === "sign" && one === sign.text);
  if (operator === undefined) throw wrong(sign, "=, !=, =~ or !~");
  const value = next();
  if (value.kind !== "string") throw wrong(value, "a value in quotes");
  return { name: first.text, operator, value: value.text };
};

const operators = ["=", "!=", "=~", "!~"] as const;

const wrong = ({ kind, text, position }: Token, expected: string) =>
  new SelectorError(
    kind === "end"
      ? `the selector ends where ${expected} was expected`
      : `position ${position}: expected ${expected}, found ${quoted(text)}`,
  );

/** Blanks and comments stand between tokens. */
const tokenPattern = /(?:[ \t\n\r]|#[^\n]*)*(?:([a-zA-Z_][a-zA-Z0-9_]*)|(=~|!=|!~|[={},])|(["'`]))?/y;

function* tokensOf(text: string): Generator<Token, undefined> {
  for (let at = 0; at < text.length; ) {
    tokenPattern.lastIndex = at;
    const [all = "", name, sign, quote] = tokenPattern.exec(text) ?? [];
    at += all.length;
    if (name !== undefined) yield { kind: "name", text: name, position: at - name.length + 1 };
    else if (sign !== undefined) yield { kind: "sign", text: sign, position: at - sign.length + 1 };
    else if (quote !== undefined) {
      const after = quotedEnd(text, at - 1);
      const value = after === undefined ? undefined : unquoted(text.slice(at - 1, after));
      if (after === undefined || value === undefined) {
        throw new SelectorError(`position ${at}: a text in quotes that does not end or has a bad escape`);
      }
      yield { kind: "string", text: value, position: at };
      at = after;
    } else if (at < text.length) {
      throw new SelectorError(
        `position ${at + 1}: unexpected ${quoted(String.fromCodePoint(text.codePointAt(at)!))}`,
      );
    }
  }
}

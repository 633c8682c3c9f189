import { TemplateError } from "./error.ts";
import type { Token } from "./lex.ts";

/** Walks the tokens of a template. `variables` are those that are known here; `depth` bounds nesting. */
export interface Reader {
  peek(): Token;
  next(): Token;
  /** The next token that is no blank. */
  peekPast(): Token;
  nextPast(): Token;
  /** The texts of the three tokens behind the next one, blanks left out. */
  lookahead(): readonly (string | undefined)[];
  readonly variables: string[];
  /** Runs `work` one level deeper; throws TemplateError when that is too deep. */
  deeper<T>(work: () => T): T;
}

export const readerOf = (tokens: readonly Token[]): Reader => {
  let at = 0;
  let depth = 0;
  const last = tokens.at(-1)!;
  const peek = () => tokens[at] ?? last;
  const skip = () => {
    while (peek().kind === "space") at += 1;
  };
  const next = () => {
    const token = peek();
    at += 1;
    return token;
  };
  return {
    peek,
    next,
    peekPast: () => {
      skip();
      return peek();
    },
    nextPast: () => {
      skip();
      return next();
    },
    lookahead: () => {
      skip();
      return tokens
        .slice(at + 1, at + mostAhead)
        .filter(({ kind }) => kind !== "space")
        .map(({ text }) => text)
        .slice(0, 3);
    },
    variables: ["$"],
    deeper: (work) => {
      if (depth === deepest) throw new TemplateError(peek().line, `nested more than ${deepest} deep`);
      depth += 1;
      try {
        return work();
      } finally {
        depth -= 1;
      }
    },
  };
};

const deepest = 50;
const mostAhead = 50;

export const unexpected = ({ text, line }: Token, context: string): TemplateError =>
  new TemplateError(line, `unexpected ${JSON.stringify(text.slice(0, 40))} in ${context}`);

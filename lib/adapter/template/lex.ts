import { quotedEnd } from "../../relabel/go-unquote.ts";
import { TemplateError } from "./error.ts";

/** A piece of a template. `text` of a text is what stands there, trimmed as the markers beside it say. */
export interface Token {
  readonly kind:
    | "text"
    | "left"
    | "right"
    | "space"
    | "word"
    | "field"
    | "variable"
    | "string"
    | "char"
    | "number"
    | "sign"
    | "end";
  readonly text: string;
  readonly line: number;
}

/** Cuts a template at its delimiters `<<` and `>>` (Go's `text/template/parse/lex.go`). Comments are gone. Throws TemplateError. */
export const tokensOf = (template: string): Token[] => {
  const tokens: Token[] = [];
  let trims = false;
  for (let at = 0; at < template.length; ) {
    const found = template.indexOf(left, at);
    const end = found < 0 ? template.length : found;
    const inner = found < 0 ? end : end + left.length;
    const trimsBefore = found >= 0 && /^-[ \t\r\n]/.test(template.slice(inner, inner + 2));
    const text = trimmed(template.slice(at, end), { start: trims, end: trimsBefore });
    if (text !== "") tokens.push({ kind: "text", text, line: lineAt(template, at) });
    if (found < 0) break;
    const action = actionAt(template, inner + (trimsBefore ? 2 : 0), tokens);
    trims = action.trims;
    at = action.next;
  }
  tokens.push({ kind: "end", text: "the end", line: lineAt(template, template.length) });
  return tokens;
};

const left = "<<";
const right = ">>";
const blanks = " \t\r\n";

const lineAt = (text: string, at: number) => text.slice(0, at).split("\n").length;

const trimmed = (text: string, { start, end }: { start: boolean; end: boolean }) => {
  const begun = start ? text.replace(/^[ \t\r\n]+/, "") : text;
  return end ? begun.replace(/[ \t\r\n]+$/, "") : begun;
};

interface Action {
  readonly next: number;
  /** The text behind it loses its blanks. */
  readonly trims: boolean;
}

/** Reads what stands between the delimiters; `at` is behind the left one and its marker. */
const actionAt = (template: string, at: number, tokens: Token[]): Action => {
  const line = lineAt(template, at);
  if (template.startsWith("/*", at)) return commentAt(template, at);
  tokens.push({ kind: "left", text: left, line });
  for (let place = at; ; ) {
    const closing = closingAt(template, place);
    if (closing !== undefined) {
      tokens.push({ kind: "right", text: right, line: lineAt(template, place) });
      return closing;
    }
    if (place >= template.length) throw new TemplateError(line, "unclosed action");
    const token = tokenAt(template, place);
    tokens.push(token);
    place += token.text.length;
  }
};

/** The right delimiter here, with its marker if it has one. */
const closingAt = (template: string, at: number): Action | undefined => {
  if (template.startsWith(right, at)) return { next: at + right.length, trims: false };
  const marked = blanks.includes(template[at] ?? "x") && template.startsWith(`-${right}`, at + 1);
  return marked ? { next: at + 2 + right.length, trims: true } : undefined;
};

const commentAt = (template: string, at: number): Action => {
  const line = lineAt(template, at);
  const end = template.indexOf("*/", at);
  if (end < 0) throw new TemplateError(line, "unclosed comment");
  const closing = closingAt(template, end + 2);
  if (closing === undefined) throw new TemplateError(line, "comment ends before closing delimiter");
  return closing;
};

const forms: readonly (readonly [Token["kind"], RegExp])[] = [
  ["space", /[ \t\r\n]/y],
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["number", /[+-]?\.?[0-9](?:[eEpP][+-][0-9]|[\p{L}\p{Nd}_.])*/uy],
  ["word", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["sign", /:=|[=|(),.]/y],
];

const tokenAt = (template: string, at: number): Token => {
  const line = lineAt(template, at);
  const first = template[at] ?? "";
  if (first === '"' || first === "`" || first === "'") {
    const end = quotedEnd(template, at);
    if (end === undefined) throw new TemplateError(line, unterminated[first] ?? "");
    return { kind: first === "'" ? "char" : "string", text: template.slice(at, end), line };
  }
  for (const [kind, form] of forms) {
    form.lastIndex = at;
    const text = form.exec(template)?.[0];
    if (text !== undefined) return { kind, text, line };
  }
  throw new TemplateError(
    line,
    `unexpected ${JSON.stringify(String.fromCodePoint(template.codePointAt(at) ?? 0))} in an action`,
  );
};

const unterminated: Readonly<Record<string, string>> = {
  '"': "unterminated quoted string",
  "'": "unterminated character constant",
  "`": "unterminated raw quoted string",
};

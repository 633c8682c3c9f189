import { unquoted } from "../../relabel/go-unquote.ts";
import { TemplateError } from "./error.ts";
import type { Token } from "./lex.ts";
import type { Operand } from "./node.ts";

/** The operand that a number, a string or a character constant is, by Go's rules. Throws TemplateError. */
export const literalOf = ({ kind, text, line }: Token): Operand => {
  if (kind === "number") return { kind: "literal", text, value: numberOf(text, line) };
  const value = unquoted(text);
  if (value === undefined) throw new TemplateError(line, `invalid escape in ${text}`);
  if (kind === "string") return { kind: "literal", text, value };
  const [only, ...more] = value;
  if (only === undefined || more.length > 0)
    throw new TemplateError(line, `malformed character constant: ${text}`);
  return { kind: "literal", text, value: BigInt(only.codePointAt(0) ?? 0) };
};

/** A bigint is an int, a number a float64; a float constant that is whole serves as either, as in Go. */
const numberOf = (text: string, line: number): bigint | number => {
  const [, sign = "", digits = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  const whole = wholeOf(digits.replaceAll(/(?<=[0-9a-fA-FxXoObB])_(?=[0-9a-fA-F])/g, ""));
  if (whole !== undefined) {
    const value = sign === "-" ? -whole : whole;
    if (value < -(2n ** 63n) || value >= 2n ** 63n)
      throw new TemplateError(line, `integer overflow: ${text}`);
    return value;
  }
  const value = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(digits) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new TemplateError(line, `bad number syntax: ${JSON.stringify(text)}`);
  return value;
};

const wholeOf = (digits: string): bigint | undefined => {
  if (/^(?:0|[1-9][0-9]*)$/.test(digits) || /^0(?:x[0-9a-f]+|o[0-7]+|b[01]+)$/i.test(digits))
    return BigInt(digits.toLowerCase());
  return /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : undefined;
};

import { byBytes } from "./go-text.ts";

/** What is wrong with a field selector, in the words of apimachinery's `fields` package; undefined when nothing. */
export const fieldSelectorError = (selector: string): string | undefined => {
  // Upstream sorts the terms before it looks at them, so the first bad one is the first in order.
  for (const term of splitTerms(selector).sort(byBytes)) {
    if (term === "") continue;
    const operator = /!=|==|=/.exec(term);
    if (operator === null) return `invalid selector: '${selector}'; can't understand '${term}'`;
    const error = fieldValueError(term.slice(operator.index + operator[0].length));
    if (error !== undefined) return error;
  }
  return undefined;
};

/** Splits at commas that no backslash escapes. */
const splitTerms = (selector: string) => selector.match(/(?:\\.|[^,\\]|\\$)+/gs) ?? [];

const fieldValueError = (value: string): string | undefined => {
  const found = /\\.?|[,=]/su.exec(value.replace(/\\[\\,=]/g, ""))?.[0];
  if (found === undefined) return undefined;
  return found.startsWith("\\")
    ? `invalid field selector: invalid escape sequence: ${found}`
    : `invalid field selector: unescaped character in value: ${found.charCodeAt(0)}`;
};

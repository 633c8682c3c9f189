/** What a person typed into the search field, taken apart. */
export interface Query {
  /** Selectors for the server, such as `{namespace="shop"}`; a target counts that fits any of them. */
  readonly selectors: readonly string[];
  /** Words that each have to occur somewhere in a target, in lower case. */
  readonly words: readonly string[];
  /** What is wrong with it; empty when nothing is. Nothing is asked of the server then. */
  readonly fault: string;
}

/**
 * `{namespace="shop", pod=~"api-.*"} blue "two words"`: selectors as Prometheus writes them, and free text. A matcher
 * without braces counts too. Only the form is checked here; the server knows what a pattern may be.
 */
export const parseQuery = (text: string): Query => {
  const selectors: string[] = [];
  const bare: string[] = [];
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const part = selector.exec(rest) ?? matcher.exec(rest) ?? quoted.exec(rest) ?? word.exec(rest);
    const found = part?.[0] ?? rest;
    if (found.startsWith("{")) {
      if (!selector.test(found)) return { selectors: [], words: [], fault: faultIn(rest) };
      selectors.push(found);
    } else if (matcher.test(found)) bare.push(found.replace(/,$/, ""));
    else words.push(found.replace(/^"(.*)"$/s, "$1").toLowerCase());
    rest = rest.slice(found.length).trimStart();
  }
  if (bare.length > 0) selectors.push(`{${bare.join(",")}}`);
  return { selectors, words: words.filter((one) => one !== ""), fault: "" };
};

/** A selector with one more matcher, for a click on a label. */
export const withMatcher = (text: string, name: string, value: string): string => {
  const added = `${name}=${JSON.stringify(value)}`;
  const first = selectorAnywhere.exec(text);
  if (first === null) return `{${added}} ${text}`.trim();
  const inside = first[0].slice(1, -1).trim().replace(/,$/, "");
  const grown = `{${inside === "" ? added : `${inside}, ${added}`}}`;
  return text.slice(0, first.index) + grown + text.slice(first.index + first[0].length);
};

const name = "[a-zA-Z_][a-zA-Z0-9_]*";
const value = "(?:\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`)";
const matcherText = `${name}\\s*(?:=~|!~|!=|=)\\s*${value}`;
const selectorText = `\\{\\s*(?:${matcherText}\\s*(?:,\\s*${matcherText}\\s*)*,?\\s*)?\\}`;
const selector = new RegExp(`^${selectorText}`, "s");
const selectorAnywhere = new RegExp(selectorText, "s");
const matcher = new RegExp(`^${matcherText},?(?=\\s|$)`, "s");
const quoted = /^"[^"]*"/;
const word = /^[^\s{]+/;

const faultIn = (rest: string): string => {
  const shown = rest.length > 60 ? `${rest.slice(0, 60)}…` : rest;
  return `A selector reads {label="value"} with =, !=, =~ or !~ and quotes around the value; this does not: ${shown}`;
};

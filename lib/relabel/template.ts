/** Fills a replacement's variables from the groups of a match, the whole match first. */
export type Expand = (groups: readonly (string | undefined)[]) => string;

export interface Template {
  readonly expand: Expand;
  /** Whether no variable is in it: then it always gives `expand([])`. */
  readonly isConstant: boolean;
}

/**
 * A template as Go's regexp.Expand reads it: `$1`, `${1}`, `$name`, `${name}` take the longest name there is, `$$` is a
 * dollar, a malformed `$` stands for itself, and an unknown group is empty (spec/prometheus-sd.md §4.1).
 */
export const parseTemplate = (text: string, groupNumber: (name: string) => number | undefined): Template => {
  const parts: Part[] = [];
  for (let rest = text; rest !== ""; ) {
    const at = rest.indexOf("$");
    const plain = at < 0 ? rest : rest.slice(0, at);
    if (plain !== "") parts.push(plain);
    if (at < 0) break;
    rest = takeVariable(rest.slice(at + 1), { parts, groupNumber });
  }
  return { expand: expander(parts), isConstant: parts.every((part) => typeof part === "string") };
};

/** A literal text, or the number of a group. */
type Part = string | number;

interface Reading {
  readonly parts: Part[];
  readonly groupNumber: (name: string) => number | undefined;
}

/** Reads what follows a dollar and returns what follows that. */
const takeVariable = (text: string, { parts, groupNumber }: Reading): string => {
  if (text.startsWith("$")) {
    parts.push("$");
    return text.slice(1);
  }
  const [all = "", braced, bare] = variable.exec(text) ?? [];
  const name = braced ?? bare;
  if (name === undefined) {
    parts.push("$");
    return text;
  }
  // A number has no leading zero, and Go reads nine digits at most.
  const group = /^(0|[1-9][0-9]{0,8})$/.test(name) ? Number(name) : groupNumber(name);
  if (group !== undefined) parts.push(group);
  return text.slice(all.length);
};

const variable = /^(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u;

const expander = (parts: readonly Part[]): Expand => {
  const [only] = parts;
  if (parts.length === 0) return () => "";
  if (parts.length === 1) return typeof only === "number" ? (groups) => groups[only] ?? "" : () => only ?? "";
  return (groups) => {
    let text = "";
    for (const part of parts) text += typeof part === "number" ? (groups[part] ?? "") : part;
    return text;
  };
};

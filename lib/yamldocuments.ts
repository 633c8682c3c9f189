import {
  CST,
  type Document,
  type DocumentOptions,
  Lexer,
  type ParseOptions,
  parseAllDocuments,
  type SchemaOptions,
} from "yaml";

/** More lists and maps in one another than any file in earnest has; go-yaml stops at 10,000, and the parser here without telling. */
export const deepest = 100;

/** A text that `readDocuments` does not hand to the parser; the message says what is allowed, and where it ends. */
export class TooDeepError extends Error {
  override name = "TooDeepError";
  /** Both from 1. */
  readonly place: { readonly line: number; readonly column: number };

  constructor(what: string, place: { readonly line: number; readonly column: number }) {
    super(`${what} at line ${place.line}, column ${place.column}`);
    this.place = place;
  }
}

/**
 * The documents of a YAML text. All YAML that comes in comes in here (an import rule holds it): the parser calls itself for each level
 * and takes a minute to say so of half a megabyte of brackets, so levels are counted first. Throws TooDeepError; other mistakes
 * are the documents' own.
 */
export const readDocuments = (
  text: string,
  options: ParseOptions & DocumentOptions & SchemaOptions = {},
): Document[] => {
  refuseDeep(text);
  // Pretty errors draw the place of every mistake, and a line may have a hundred thousand.
  return [...parseAllDocuments(text, { prettyErrors: false, logLevel: "silent", ...options })] as Document[];
};

const refuseDeep = (text: string): void => {
  const place = { line: 1, column: 1 };
  const levels = createLevels();
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type !== null && markers.has(type)) continue;
    const excess = levels.take(type, place.column);
    if (excess !== undefined) throw new TooDeepError(excess, place);
    move(place, token);
  }
};

/** Of the lexer's own, for which no character stands. */
const markers = new Set(["doc-mode", "flow-error-end", "scalar"]);

const move = (place: { line: number; column: number }, token: string): void => {
  const last = token.lastIndexOf("\n");
  if (last === -1) place.column += token.length;
  else {
    place.line += token.split("\n").length - 1;
    place.column = token.length - last;
  }
};

/**
 * Counts lists and maps that are open: brackets and braces, and in a block the columns at which something began, each further
 * right; and brackets that close nothing, of which each costs the parser a mistake.
 */
const createLevels = () => {
  const columns: number[] = [];
  let [brackets, strays] = [0, 0];
  const begin = (column: number) => {
    while ((columns.at(-1) ?? 0) >= column) columns.pop();
    columns.push(column);
  };
  return {
    /** What there is too much of with this token. */
    take: (type: string | null, column: number): string | undefined => {
      if (type === "flow-seq-start" || type === "flow-map-start") brackets += 1;
      else if (type === "flow-seq-end" || type === "flow-map-end") {
        if (brackets > 0) brackets -= 1;
        else strays += 1;
      } else if (brackets === 0 && (type === null || !betweens.has(type))) begin(column);
      if (columns.length + brackets > deepest) return `nested deeper than ${deepest} levels`;
      return strays > deepest ? `more than ${deepest} brackets that close nothing` : undefined;
    },
  };
};

/** What begins nothing. */
const betweens = new Set(["space", "newline", "comment", "comma", "byte-order-mark"]);

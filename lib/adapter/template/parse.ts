import { TemplateError } from "./error.ts";
import { type Token, tokensOf } from "./lex.ts";
import type { Branch, Node } from "./node.ts";
import { readPipe } from "./pipeline.ts";
import { type Reader, readerOf, unexpected } from "./reader.ts";

/** The nodes of a template. Throws TemplateError with the line. */
export const parseNodes = (template: string): readonly Node[] => {
  const reader = readerOf(tokensOf(template));
  const { nodes, end } = readNodes(reader, { inRange: false });
  if (end.kind !== "end") throw unexpected(end, "template");
  return nodes;
};

interface Context {
  /** `break` and `continue` mean something. */
  readonly inRange: boolean;
}

interface List {
  readonly nodes: readonly Node[];
  /** What ended it: `end`, `else`, or the template's end. The words are taken, of `else` not what follows. */
  readonly end: Token;
}

const readNodes = (reader: Reader, context: Context): List => {
  const nodes: Node[] = [];
  for (;;) {
    const token = reader.next();
    if (token.kind === "end") return { nodes, end: token };
    if (token.kind === "text") {
      nodes.push({ kind: "text", text: token.text });
      continue;
    }
    const word = reader.peekPast();
    if (word.kind === "word" && (word.text === "end" || word.text === "else")) {
      reader.next();
      return { nodes, end: word };
    }
    nodes.push(reader.deeper(() => readAction(reader, word, context)));
  }
};

const readAction = (reader: Reader, word: Token, context: Context): Node => {
  const { text, line } = word;
  if (word.kind === "word" && (text === "if" || text === "with" || text === "range")) {
    reader.next();
    return readBranch(reader, { kind: text, line }, context);
  }
  if (word.kind === "word" && (text === "break" || text === "continue")) {
    reader.next();
    closeAction(reader, text);
    if (!context.inRange) throw new TemplateError(line, `${text} outside a range`);
    return { kind: text, line };
  }
  if (word.kind === "word" && foreign.has(text))
    throw new TemplateError(line, `${text} is not supported: a template stands alone`);
  return { kind: "action", line, pipe: readPipe(reader, "command") };
};

/** Of Go, for templates that call one another. */
const foreign = new Set(["define", "template", "block"]);

const closeAction = (reader: Reader, context: string): void => {
  const token = reader.nextPast();
  if (token.kind !== "right") throw unexpected(token, context);
};

type Head = Pick<Branch, "kind" | "line">;

/** A variable that is declared in a branch is known up to its end. */
const readBranch = (reader: Reader, { kind, line }: Head, context: Context): Branch => {
  const known = reader.variables.length;
  const pipe = readPipe(reader, kind);
  const inner = { inRange: context.inRange || kind === "range" };
  const { nodes: body, end } = readNodes(reader, inner);
  const otherwise = readOtherwise(reader, { kind, line, end }, context);
  reader.variables.length = known;
  return { kind, line, pipe, body, otherwise };
};

const readOtherwise = (reader: Reader, head: Head & { end: Token }, context: Context): readonly Node[] => {
  const { kind, line, end } = head;
  if (end.kind === "end") throw new TemplateError(line, `${kind} without end`);
  if (end.text === "end") {
    closeAction(reader, "end");
    return [];
  }
  const word = reader.peekPast();
  // `else if` and `else with` are a branch within, and share its end.
  if (word.kind === "word" && word.text === kind && kind !== "range") {
    reader.next();
    return [reader.deeper(() => readBranch(reader, { kind, line: word.line }, context))];
  }
  closeAction(reader, "else");
  const { nodes, end: last } = readNodes(reader, context);
  if (last.kind === "end") throw new TemplateError(line, `${kind} without end`);
  if (last.text !== "end") throw unexpected(last, "else");
  closeAction(reader, "end");
  return nodes;
};

import { TemplateError } from "./error.ts";
import { functionNames } from "./functions.ts";
import type { Token } from "./lex.ts";
import { literalOf } from "./literal.ts";
import type { Command, Operand, Pipe } from "./node.ts";
import { type Reader, unexpected } from "./reader.ts";

/** Reads a pipeline up to its end, `>>` or `)`, which is taken as well. Throws TemplateError. */
export const readPipe = (reader: Reader, context: string, closing: ")" | ">>" = ">>"): Pipe => {
  const { line } = reader.peekPast();
  const declared = readVariables(reader, context);
  const commands: Command[] = [];
  for (;;) {
    const token = reader.peekPast();
    if (isClosing(token, closing)) break;
    if (isClosing(token, closing === ")" ? ">>" : ")")) throw unexpected(token, context);
    commands.push(reader.deeper(() => readCommand(reader, context)));
    if (reader.peekPast().text !== "|" || reader.peek().kind !== "sign") continue;
    reader.next();
    if (isClosing(reader.peekPast(), closing))
      throw new TemplateError(line, `missing value for ${context} behind |`);
  }
  reader.next();
  if (commands.length === 0) throw new TemplateError(line, `missing value for ${context}`);
  for (const command of commands.slice(1)) checkExecutable(command);
  for (const name of declared.assigns ? [] : declared.variables) reader.variables.push(name);
  return { line, ...declared, commands };
};

const isClosing = ({ kind, text }: Token, closing: string) =>
  closing === ">>" ? kind === "right" : kind === "sign" && text === closing;

/** `$x :=`, `$x =`, and for a range `$i, $x :=`. */
const readVariables = (reader: Reader, context: string): Pick<Pipe, "variables" | "assigns"> => {
  const none = { variables: [], assigns: false };
  const first = reader.peekPast();
  if (first.kind !== "variable") return none;
  const ahead = reader.lookahead();
  const [sign, second, then] = ahead;
  if (sign === ":=" || sign === "=") {
    for (let taken = 0; taken < 2; taken += 1) reader.nextPast();
    return declared(reader, { names: [first], sign });
  }
  if (sign !== ",") return none;
  if (context !== "range" || second?.startsWith("$") !== true || (then !== ":=" && then !== "="))
    throw new TemplateError(first.line, `too many declarations in ${context}`);
  reader.nextPast();
  reader.nextPast();
  const other = reader.nextPast();
  reader.nextPast();
  return declared(reader, { names: [first, other], sign: then });
};

const declared = (reader: Reader, { names, sign }: { names: readonly Token[]; sign: ":=" | "=" }) => {
  if (sign === "=") for (const name of names) checkKnown(reader, name);
  return { variables: names.map(({ text }) => text), assigns: sign === "=" };
};

const checkKnown = (reader: Reader, { text, line }: Token): void => {
  if (!reader.variables.includes(text))
    throw new TemplateError(line, `undefined variable ${JSON.stringify(text)}`);
};

/** Operands with blanks between them, up to `|` or the end of the pipeline. */
const readCommand = (reader: Reader, context: string): Command => {
  const { line } = reader.peekPast();
  const operands: Operand[] = [];
  for (;;) {
    reader.peekPast();
    operands.push(readOperand(reader, context));
    const { kind, text } = reader.peek();
    if (kind === "space" && !endsCommand(reader.peekPast())) continue;
    if (endsCommand(reader.peek())) return { line, operands };
    throw unexpected({ kind, text, line }, "operand");
  }
};

const endsCommand = ({ kind, text }: Token) =>
  kind === "right" || (kind === "sign" && (text === "|" || text === ")"));

const readOperand = (reader: Reader, context: string): Operand => {
  const token = reader.next();
  const term = termOf(reader, token, context);
  const names: string[] = [];
  while (reader.peek().kind === "field") names.push(reader.next().text.slice(1));
  if (names.length === 0) return term;
  if (term.kind === "field" && term.of === undefined) return { ...term, names: [...term.names, ...names] };
  if (term.kind === "literal" || term.kind === "nil" || term.kind === "dot")
    throw new TemplateError(token.line, `unexpected . after term ${JSON.stringify(token.text)}`);
  return { kind: "field", of: term, names };
};

const termOf = (reader: Reader, token: Token, context: string): Operand => {
  const { kind, text, line } = token;
  if (kind === "field") return { kind: "field", of: undefined, names: [text.slice(1)] };
  if (kind === "variable") {
    checkKnown(reader, token);
    return { kind: "variable", name: text };
  }
  if (kind === "string" || kind === "char" || kind === "number") return literalOf(token);
  if (kind === "sign" && text === ".") return { kind: "dot" };
  if (kind === "sign" && text === "(")
    return { kind: "pipe", pipe: reader.deeper(() => readPipe(reader, "parenthesized pipeline", ")")) };
  if (kind !== "word") throw unexpected(token, context);
  if (text === "true" || text === "false") return { kind: "literal", text, value: text === "true" };
  if (text === "nil") return { kind: "nil" };
  if (!functionNames.has(text))
    throw new TemplateError(
      line,
      `function ${JSON.stringify(text)} not defined; there are ${[...functionNames].join(", ")}`,
    );
  return { kind: "function", name: text };
};

const checkExecutable = ({ operands, line }: Command): void => {
  const [first] = operands;
  if (first === undefined || first.kind === "dot" || first.kind === "nil" || first.kind === "literal")
    throw new TemplateError(line, "non executable command in a pipeline");
};

import { execute } from "./execute.ts";
import type { Command, Node, Operand, Pipe } from "./node.ts";
import { parseNodes } from "./parse.ts";
import type { Value } from "./value.ts";

/**
 * A template of an adapter's rules: Go's `text/template` between `<<` and `>>` (spec B2, B5), without templates that call one
 * another and without functions that escape for HTML, JavaScript and URLs.
 */
export interface Template {
  /** The fields of the data that it names, such as `LabelValuesByName`. All of them when it takes the data whole. */
  readonly names: ReadonlySet<string> | "all";
  /** Throws TemplateError. */
  render(fields: Readonly<Record<string, Value>>): string;
}

/** Throws TemplateError for what Go would not parse, and for what is not supported. */
export const parseTemplate = (text: string): Template => {
  const nodes = parseNodes(text);
  return { names: namesIn(nodes), render: (fields) => execute(nodes, { fields }) };
};

/** Any field name anywhere counts; who takes the data whole, or a variable that may hold it, may name every field. */
const namesIn = (nodes: readonly Node[]): Template["names"] => {
  const names = new Set<string>();
  let isWhole = false;
  const ofPipe = ({ commands }: Pipe): void => commands.forEach(ofCommand);
  const ofCommand = ({ operands }: Command): void => operands.forEach(ofOperand);
  const ofOperand = (operand: Operand): void => {
    if (operand.kind === "dot" || operand.kind === "variable")
      isWhole ||= operand.kind === "dot" || operand.name === "$";
    if (operand.kind === "pipe") ofPipe(operand.pipe);
    if (operand.kind !== "field") return;
    for (const name of operand.names) names.add(name);
    if (operand.of !== undefined && operand.of.kind !== "variable") ofOperand(operand.of);
  };
  const ofNodes = (list: readonly Node[]): void => {
    for (const node of list) {
      if (node.kind === "action") ofPipe(node.pipe);
      if (!("body" in node)) continue;
      ofPipe(node.pipe);
      ofNodes(node.body);
      ofNodes(node.otherwise);
    }
  };
  ofNodes(nodes);
  return isWhole ? "all" : names;
};

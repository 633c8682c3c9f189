import { reasonOf } from "../../errors.ts";
import { TemplateError } from "./error.ts";
import { functions } from "./functions.ts";
import { heldBy } from "./marks.ts";
import type { Branch, Command, Node, Operand, Pipe } from "./node.ts";
import {
  isList,
  isMap,
  isStruct,
  printed,
  type Struct,
  sortedEntries,
  truthOf,
  typeOf,
  type Value,
} from "./value.ts";

/** Fills a template in. Throws TemplateError and nothing else; the work and the text are bounded. */
export const execute = (nodes: readonly Node[], data: Struct): string => {
  const state: State = { text: "", steps: 0, variables: [{ name: "$", value: data }] };
  walk(nodes, data, state);
  return state.text;
};

interface State {
  text: string;
  steps: number;
  /** The last of a name counts. */
  readonly variables: { readonly name: string; value: Value }[];
}

/** Nodes, operands and turns of ranges. */
const mostSteps = 100_000;
/** Characters of a text, also of one on the way. */
const longest = 1_000_000;

type Flow = "break" | "continue" | undefined;

const walk = (nodes: readonly Node[], dot: Value, state: State): Flow => {
  for (const node of nodes) {
    const flow = step(node, dot, state);
    if (flow !== undefined) return flow;
  }
  return undefined;
};

const step = (node: Node, dot: Value, state: State): Flow => {
  switch (node.kind) {
    case "text":
      write(state, node.text, 1);
      return undefined;
    case "action": {
      const value = pipeValue(node.pipe, dot, state);
      if (node.pipe.variables.length === 0) write(state, shown(value), node.line);
      return undefined;
    }
    case "break":
    case "continue":
      return node.kind;
    default:
      return branch(node, dot, state);
  }
};

const shown = (value: Value) => (value === null ? "<no value>" : printed(value));

/** What is declared within is forgotten behind it. */
const branch = (node: Branch, dot: Value, state: State): Flow => {
  const known = state.variables.length;
  const flow = node.kind === "range" ? walkRange(node, dot, state) : walkIf(node, dot, state);
  state.variables.length = known;
  return flow;
};

const write = (state: State, text: string, line: number): void => {
  count(state, line);
  state.text += bounded(text, line);
  bounded(state.text, line);
};

const count = (state: State, line: number): void => {
  state.steps += 1;
  if (state.steps > mostSteps) throw new TemplateError(line, `more than ${mostSteps} steps`);
};

const bounded = <V extends Value>(value: V, line: number): V => {
  if (typeof value === "string" && value.length > longest)
    throw new TemplateError(line, `more than ${longest} characters`);
  return value;
};

const walkIf = (node: Branch, dot: Value, state: State): Flow => {
  const value = pipeValue(node.pipe, dot, state);
  if (!truthOf(value)) return walk(node.otherwise, dot, state);
  return walk(node.body, node.kind === "with" ? value : dot, state);
};

const walkRange = (node: Branch, dot: Value, state: State): Flow => {
  const over = pipeValue(node.pipe, dot, state, { declares: false });
  const turns = turnsOf(over, node.line);
  if (turns.length === 0) return walk(node.otherwise, dot, state);
  const known = state.variables.length;
  for (const [key, value] of turns) {
    count(state, node.line);
    bind(node.pipe, node.pipe.variables.length === 2 ? [key, value] : [value], state);
    const flow = walk(node.body, value, state);
    state.variables.length = known;
    if (flow === "break") break;
  }
  return undefined;
};

const turnsOf = (over: Value, line: number): readonly (readonly [Value, Value])[] => {
  if (over === null) return [];
  if (isMap(over)) return sortedEntries(over);
  if (isList(over)) return over.map((item, at) => [BigInt(at), item]);
  throw new TemplateError(line, `range can't iterate over a value of type ${typeOf(over)}`);
};

const bind = ({ variables, assigns }: Pipe, values: readonly Value[], state: State): void => {
  for (const [at, name] of variables.entries()) {
    const value = values[at] ?? null;
    const held = assigns ? state.variables.findLast((variable) => variable.name === name) : undefined;
    if (held === undefined) state.variables.push({ name, value });
    else held.value = value;
  }
};

const pipeValue = (pipe: Pipe, dot: Value, state: State, { declares = true } = {}): Value => {
  let value: Value | undefined;
  for (const command of pipe.commands) value = commandValue(command, { dot, state, last: value });
  const result = value ?? null;
  if (declares) bind(pipe, [result], state);
  return result;
};

interface Scope {
  readonly dot: Value;
  readonly state: State;
  /** Of the command before, in a pipeline. */
  readonly last?: Value | undefined;
}

const commandValue = ({ operands, line }: Command, scope: Scope): Value => {
  const [first, ...given] = operands;
  if (first === undefined) throw new TemplateError(line, "empty command");
  if (first.kind === "function") return call(first.name, { given, line }, scope);
  if (first.kind === "nil") throw new TemplateError(line, "nil is not a command");
  if (given.length > 0 || scope.last !== undefined)
    throw new TemplateError(line, "can't give argument to non-function");
  return operandValue(first, line, scope);
};

interface Call {
  readonly given: readonly Operand[];
  readonly line: number;
}

const call = (name: string, { given, line }: Call, scope: Scope): Value => {
  count(scope.state, line);
  const late = given.map(
    (operand) => () => operandValue(operand, line, { dot: scope.dot, state: scope.state }),
  );
  const { last } = scope;
  const all = last === undefined ? late : [...late, () => last];
  if (name === "and" || name === "or") return chosen(name, all, line);
  const work = functions[name];
  if (work === undefined) throw new TemplateError(line, `function ${JSON.stringify(name)} not defined`);
  const values = all.map((one) => one());
  try {
    return bounded(work(values), line);
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError(line, `error calling ${name}: ${reasonOf(error)}`);
  }
};

/** The first argument that decides, or the last; what is behind it is not looked at. */
const chosen = (name: "and" | "or", all: readonly (() => Value)[], line: number): Value => {
  if (all.length === 0)
    throw new TemplateError(line, `wrong number of args for ${name}: want at least 1 got 0`);
  let value: Value = null;
  for (const one of all) {
    value = one();
    if (truthOf(value) === (name === "or")) return value;
  }
  return value;
};

const operandValue = (operand: Operand, line: number, scope: Scope): Value => {
  const { dot, state } = scope;
  count(state, line);
  switch (operand.kind) {
    case "dot":
      return dot;
    case "nil":
      return null;
    case "literal":
      return operand.value;
    case "variable":
      return state.variables.findLast(({ name }) => name === operand.name)?.value ?? null;
    case "pipe":
      return pipeValue(operand.pipe, dot, state);
    case "function":
      return call(operand.name, { given: [], line }, { dot, state });
    case "field": {
      const of = operand.of === undefined ? dot : operandValue(operand.of, line, { dot, state });
      return operand.names.reduce<Value>((value, name) => fieldOf(value, name, line), of);
    }
  }
};

const fieldOf = (value: Value, name: string, line: number): Value => {
  if (isMap(value)) return heldBy(value, name) ?? null;
  if (isStruct(value) && Object.hasOwn(value.fields, name)) return value.fields[name] ?? null;
  const known = isStruct(value) ? `; there are ${Object.keys(value.fields).join(", ")}` : "";
  throw new TemplateError(line, `can't evaluate field ${name} in type ${typeOf(value)}${known}`);
};

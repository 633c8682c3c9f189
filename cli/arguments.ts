import { parseArgs } from "node:util";
import { type Command, type Given, type Option, type Options, UsageError } from "./command.ts";
import { commonOptions } from "./common.ts";

/** Reads what stands behind a command's name; throws UsageError in one line. `help` when that is asked for. */
export const readArguments = (command: Command, words: readonly string[]): Given | "help" => {
  if (command.isForwarded) return words.includes("--help") ? "help" : forwarded(words);
  const options = { ...command.options, ...commonOptions(command) };
  const { values, positionals } = parsed(command, options, words);
  if (values.help === true) return "help";
  refuseRepeated(values, options);
  for (const [name, option] of Object.entries(options)) {
    for (const text of textsIn(values[name])) refuseForeign(`--${name}`, text, option.values);
  }
  return {
    operand: operandIn(command, positionals),
    text: (name) => textsIn(values[name])[0],
    texts: (name) => textsIn(values[name]),
    flag: (name) => values[name] === true,
    words,
  };
};

const forwarded = (words: readonly string[]): Given => ({
  operand: "",
  text: () => undefined,
  texts: () => [],
  flag: () => false,
  words,
});

const parsed = (command: Command, options: Options, words: readonly string[]) => {
  try {
    return parseArgs({
      args: [...words],
      options: Object.fromEntries(Object.entries(options).map(([name, option]) => [name, shapeOf(option)])),
      strict: true,
      allowPositionals: true,
    });
  } catch (thrown) {
    const message = thrown instanceof Error ? (thrown.message.split(". ")[0] ?? "") : String(thrown);
    const names = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(`${command.name}: ${message.split("\n")[0]}; its options are ${names.join(", ")}`, {
      cause: thrown,
    });
  }
};

/** All are read as if they could come several times, so that a repeated one is refused instead of half ignored. */
const shapeOf = ({ kind }: Option): { type: "boolean" } | { type: "string"; multiple: true } =>
  kind === "flag" ? { type: "boolean" } : { type: "string", multiple: true };

type Value = string | boolean | (string | boolean)[] | undefined;

const refuseRepeated = (values: Readonly<Record<string, Value>>, options: Options) => {
  for (const [name, { kind }] of Object.entries(options)) {
    if (kind === "text" && textsIn(values[name]).length > 1)
      throw new UsageError(`--${name} may be given once`);
    if (textsIn(values[name]).includes("")) throw new UsageError(`--${name} needs a value`);
  }
};

const textsIn = (value: Value): string[] =>
  [value ?? []].flat().filter((each): each is string => typeof each === "string");

const refuseForeign = (what: string, text: string, values: readonly string[] | undefined) => {
  if (values !== undefined && !values.includes(text))
    throw new UsageError(`${what} ${text}: expected ${values.join(", ")}`);
};

const operandIn = ({ name, operand }: Command, positionals: readonly string[]): string => {
  const [first, surplus] = positionals;
  if (operand === undefined) {
    if (first !== undefined) throw new UsageError(`${name}: ${first} is one word too many`);
    return "";
  }
  if (first === undefined || first === "") {
    throw new UsageError(
      `${name} needs ${operand.name}${operand.values ? ` (${operand.values.join(", ")})` : ""}`,
    );
  }
  if (surplus !== undefined) throw new UsageError(`${name}: ${surplus} is one word too many`);
  refuseForeign(name, first, operand.values);
  return first;
};

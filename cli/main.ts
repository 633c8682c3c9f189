import { ConfigurationError } from "../lib/config/error.ts";
import { reasonOf } from "../lib/errors.ts";
import { readArguments } from "./arguments.ts";
import { type Exit, type Io, UsageError } from "./command.ts";
import { commands } from "./commands.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { clean } from "./output/clean.ts";
import { version } from "./version.ts";

/** The command line tool: what stands behind `rollcall`, and the exit code that it ends with. Never rejects. */
export const main = async (words: readonly string[], io: Io): Promise<Exit> => {
  try {
    return await run(words, io);
  } catch (thrown) {
    // A reader that stopped the command wants no error told.
    if (io.stopped.aborted) return 2;
    if (thrown instanceof ConfigurationError) {
      io.err.write(`${thrown.message.split("\n").map(clean).join("\n")}\n`);
      return 1;
    }
    io.err.write(`rollcall: ${clean(lineOf(thrown).replaceAll("\n", "; "))}\n`);
    return 2;
  }
};

const run = async ([name, ...words]: readonly string[], io: Io): Promise<Exit> => {
  if (name === "--version") {
    io.out.write(`${version()}\n`);
    return 0;
  }
  const command = commands.find((one) => one.name === (name === "help" ? words[0] : name));
  if (name === "--help" || (name === "help" && words.length === 0)) {
    io.out.write(generalHelp(commands));
    return 0;
  }
  if (command === undefined) throw new UsageError(unknown(name));
  const given = name === "help" ? "help" : readArguments(command, words);
  if (given !== "help") return command.run(given, io);
  io.out.write(commandHelp(command));
  return 0;
};

const unknown = (name: string | undefined) => {
  const names = commands.map((command) => command.name).join(", ");
  return name === undefined
    ? `a command is needed: ${names} (rollcall --help)`
    : `there is no command ${name}; there are ${names}`;
};

/** A wrong use is told in our words alone. */
const lineOf = (thrown: unknown) => (thrown instanceof UsageError ? thrown.message : reasonOf(thrown));

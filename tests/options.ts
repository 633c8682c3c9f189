import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { reasonOf } from "../lib/errors.ts";

/** The options that a command of the tests was given, or one line that says what is wrong with them. */
export const readOptions = <const Known extends ParseArgsOptionsConfig>(
  options: Known,
  args: string[] = process.argv.slice(2),
) => {
  try {
    return parseArgs({ options, args }).values;
  } catch (error) {
    // What follows the first sentence is advice, over several lines.
    return `${reasonOf(error).split(/\.\s/)[0]}; --help tells of all\n`;
  }
};

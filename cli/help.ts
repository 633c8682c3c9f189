import type { Command, Options } from "./command.ts";
import { commonOptions, defaultServer } from "./common.ts";

/** The text of `rollcall --help`. */
export const generalHelp = (commands: readonly Command[]): string =>
  `Usage: rollcall COMMAND [options]

${columns(commands.map(({ name, operand, summary }) => [operand ? `${name} ${operand.name}` : name, summary]))}

Every command: --help. Those that ask a server: --server URL (or ROLLCALL_SERVER; ${defaultServer}),
--token-file FILE, --output table|json. Exit: 0 done, 1 a finding, 2 wrong usage or not done.
rollcall --version tells the version.
`;

/** The text of `rollcall COMMAND --help`. */
export const commandHelp = (command: Command): string => {
  const { name, operand, details } = command;
  const options: Options = { ...command.options, ...commonOptions(command) };
  const rows = Object.entries(options).map(([option, { value, about }]): [string, string] => [
    `--${option}${value === undefined ? "" : ` ${value}`}`,
    about,
  ]);
  return `Usage: rollcall ${name}${operand ? ` ${operand.name}` : ""} [options]\n\n${details.trim()}\n\n${columns(rows)}\n`;
};

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
};

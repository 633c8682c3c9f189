import type { Command, Options } from "../command.ts";
import { commonOptions } from "../common.ts";

const shells = ["bash", "zsh", "fish"];

/** `rollcall completion SHELL`: a script for the shell's start-up file. */
export const completion = (commands: () => readonly Command[]): Command => ({
  name: "completion",
  summary: "print a script that completes commands and options in a shell",
  operand: { name: "SHELL", values: shells },
  options: {},
  details:
    "bash: source <(rollcall completion bash)\nzsh:  source <(rollcall completion zsh), after compinit\nfish: rollcall completion fish | source",
  isPlain: true,
  asksNobody: true,
  run: async ({ operand }, io) => {
    io.out.write(
      operand === "fish" ? fish(commands()) : operand === "zsh" ? zsh(commands()) : bash(commands()),
    );
    return 0;
  },
});

const optionsOf = (command: Command): Options => ({ ...command.options, ...commonOptions(command) });

const bash = (commands: readonly Command[]): string => `_rollcall() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]} $before" in
${commands.map(bashValues).join("")}  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(bashCommand).join("")}  esac
}
complete -o filenames -F _rollcall rollcall
`;

const bashValues = (command: Command): string =>
  Object.entries(optionsOf(command))
    .filter(([, { kind }]) => kind !== "flag")
    .map(([name, { values, isFile }]) => {
      const reply = values ? `-W "${values.join(" ")}"` : isFile ? "-f" : '-W ""';
      return `    "${command.name} --${name}") COMPREPLY=($(compgen ${reply} -- "$word")); return ;;\n`;
    })
    .join("");

const bashCommand = (command: Command): string => {
  const options = Object.keys(optionsOf(command)).map((name) => `--${name}`);
  const words = [...(command.operand?.values ?? []), ...options].join(" ");
  const files = command.operand?.name === "FILE" ? ' $(compgen -f -- "$word")' : "";
  return `    ${command.name}) COMPREPLY=($(compgen -W "${words}" -- "$word")${files}) ;;\n`;
};

const zsh = (commands: readonly Command[]): string => `#compdef rollcall
_rollcall() {
  local -a commands
  commands=(${commands.map(({ name, summary }) => single(`${name}:${summary}`)).join(" ")})
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
${commands.map(zshCommand).join("")}  esac
}
compdef _rollcall rollcall
`;

const zshCommand = (command: Command): string => {
  const specs = Object.entries(optionsOf(command)).map(([name, { kind, value, values, isFile, about }]) => {
    const action = values ? `(${values.join(" ")})` : isFile ? "_files" : " ";
    const repeated = kind === "texts" ? "*" : "";
    return single(
      `${repeated}--${name}[${about.replace(/[[\]:]/g, "")}]${kind === "flag" ? "" : `:${value}:${action}`}`,
    );
  });
  const { operand } = command;
  const action = operand?.values
    ? `(${operand.values.join(" ")})`
    : operand?.name === "FILE"
      ? "_files"
      : " ";
  const last = operand === undefined ? [] : [single(`1:${operand.name}:${action}`)];
  return `    ${command.name}) _arguments ${[...specs, ...last].join(" ")} ;;\n`;
};

const fish = (commands: readonly Command[]): string =>
  ["complete -c rollcall -f\n", ...commands.map(fishCommand)].join("");

const fishCommand = (command: Command): string => {
  const { name, summary, operand } = command;
  const within = `-n '__fish_seen_subcommand_from ${name}'`;
  const first = `complete -c rollcall -n __fish_use_subcommand -a ${name} -d ${single(summary)}\n`;
  const values = operand?.values
    ? `complete -c rollcall ${within} -a ${single(operand.values.join(" "))}\n`
    : "";
  const files = operand?.name === "FILE" ? `complete -c rollcall ${within} -F\n` : "";
  const options = Object.entries(optionsOf(command)).map(([option, { kind, values: all, isFile, about }]) => {
    const takes = kind === "flag" ? "" : all ? ` -x -a ${single(all.join(" "))}` : isFile ? " -r -F" : " -x";
    return `complete -c rollcall ${within} -l ${option}${takes} -d ${single(about)}\n`;
  });
  return first + values + files + options.join("");
};

/** In single quotes; one inside is closed, escaped and opened again, which all three shells read alike. */
const single = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

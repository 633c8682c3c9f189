import type { Clock } from "../lib/clock.ts";

/** How a command ends: 0 done, 1 a finding, 2 wrong usage or not done. */
export type Exit = 0 | 1 | 2;

/** One thing that `rollcall` does. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What stands behind the command's name without a flag; it must be given. */
  readonly operand?: { readonly name: string; readonly values?: readonly string[] };
  readonly options: Options;
  /** More for its help: what it does exactly, and when it ends with 1. */
  readonly details: string;
  /** Its output is neither a table nor JSON, so `--output` is not among its options. */
  readonly isPlain?: boolean;
  /** It has an option for itself to say whom it asks, or asks nobody. */
  readonly asksNobody?: boolean;
  /** Its arguments are read by another program. */
  readonly isForwarded?: boolean;
  readonly run: (given: Given, io: Io) => Promise<Exit>;
}

export type Options = Readonly<Record<string, Option>>;

export interface Option {
  readonly kind: "text" | "texts" | "flag";
  /** How its value is called in the help; none for a flag. */
  readonly value?: string;
  /** All values that are allowed, where they are few. */
  readonly values?: readonly string[];
  /** The value is a path, for completion. */
  readonly isFile?: boolean;
  readonly about: string;
}

/** What the command line said. */
export interface Given {
  /** Empty for commands without one. */
  readonly operand: string;
  /** Undefined when not given. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
  /** As they stand behind the command's name. */
  readonly words: readonly string[];
}

/** What a command talks to. */
export interface Io {
  readonly out: Screen;
  readonly err: Screen;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly stopped: AbortSignal;
}

export interface Screen {
  write(text: string): void;
  /** The width of the terminal; undefined for a pipe or a file. */
  readonly columns: number | undefined;
}

/** The command line, or what it names, makes no sense: ends with 2. The message is one line that says what is allowed. */
export class UsageError extends Error {
  override name = "UsageError";
}

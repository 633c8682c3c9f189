import type { Given, Io } from "../command.ts";
import { cleanJson } from "./clean.ts";

/** Writes what a command found: as JSON if that was asked for, else as its table. */
export const writeAnswer = (
  { given, io }: { given: Given; io: Io },
  value: unknown,
  asTable: () => string,
): void => io.out.write(isJson(given) ? `${cleanJson(value)}\n` : asTable());

export const isJson = (given: Given): boolean => given.text("output") === "json";

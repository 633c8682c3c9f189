import { readFile as readBytes } from "node:fs/promises";
import { dirname } from "node:path";
import { mainDocument } from "./document.ts";
import { ConfigurationError } from "./error.ts";
import { BadPattern, goGlob } from "./glob.ts";
import { quoted } from "./go-text.ts";
import { joined } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

/** Everything a configuration is made of. */
export interface Sources {
  readonly main: SourceFile;
  /** The files that `scrape_config_files` matches: pattern by pattern, each pattern's files in order of their names. */
  readonly jobFiles: readonly SourceFile[];
}

/** The patterns of `scrape_config_files`, joined to the main file's folder; empty when the file is no configuration. */
export const scrapeConfigFileGlobs = (main: SourceFile): string[] =>
  mainDocument(main).jobFiles.map(({ pattern }) => joined(dirname(main.path), pattern));

interface Reading {
  readonly configFile: string;
  /** Both replace the file system, for a configuration that lives elsewhere. */
  readonly readFile?: (path: string) => Promise<Uint8Array>;
  readonly glob?: (pattern: string) => Promise<readonly string[]>;
}

/** Reads a configuration and its job files. A file that cannot be read or is no UTF-8 is a ConfigurationError. */
export const readSources = async ({
  configFile,
  readFile = readBytes,
  glob = goGlob,
}: Reading): Promise<Sources> => {
  const main = await readSource(configFile, readFile);
  const jobFiles: SourceFile[] = [];
  for (const pattern of scrapeConfigFileGlobs(main)) {
    for (const path of await expanded(main.path, pattern, glob)) {
      jobFiles.push(await readSource(path, readFile));
    }
  }
  return { main, jobFiles };
};

/** A file that cannot be read or is no UTF-8 is a ConfigurationError. */
export const readSource = async (
  path: string,
  readFile: NonNullable<Reading["readFile"]>,
): Promise<SourceFile> => {
  try {
    return { path, text: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)) };
  } catch (cause) {
    throw unreadable(path, cause instanceof TypeError ? "not UTF-8" : messageOf(cause), cause);
  }
};

const expanded = async (file: string, pattern: string, glob: NonNullable<Reading["glob"]>) => {
  try {
    return await glob(pattern);
  } catch (cause) {
    if (!(cause instanceof BadPattern)) throw cause;
    const message = `error retrieving scrape config files for ${quoted(pattern)}: ${cause.message}`;
    throw unreadable(file, message, cause);
  }
};

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

const unreadable = (file: string, message: string, cause: unknown) =>
  new ConfigurationError([{ file, line: 1, column: 1, message }], { cause });

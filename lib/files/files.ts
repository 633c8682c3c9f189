import type { Places } from "../config/glob.ts";

/** Where the files are that a configuration is made of and refers to. */
export interface Files extends Places {
  /** Rejects with one line that names the file: an AbsentError when there is none, else whatever stands in the way. */
  read(path: string, maxBytes: number): Promise<FileContent>;
  /** What can be read and cannot be listed rejects, so that its files are not taken for gone. */
  names(folder: string): Promise<readonly string[]>;
}

export interface FileContent {
  readonly bytes: Uint8Array;
  /** Unix milliseconds. */
  readonly changedAt: number;
}

export class AbsentError extends Error {
  override name = "AbsentError";
}

/** A configuration file, a credential or a certificate is refused beyond this. */
export const largestFile = 8 * 1024 * 1024;

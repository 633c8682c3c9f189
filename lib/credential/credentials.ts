import { referencesIn } from "../config/reference.ts";
import type { Secret } from "../config/secret.ts";
import { readCredentialFile } from "./file.ts";

/** What one client of a server shows of itself, had anew at each use or remembered for a short while. */
export interface Credentials {
  /**
   * The secret with the value of what it refers to; also for other values that may refer to one. Rejects with one line that
   * names the reference and what is wrong with it.
   */
  reveal(value: Secret | string): Promise<string>;
  /** A file's text; `key` is its word in the configuration. Rejects with one line that names both, never the content. */
  read(key: string, file: string): Promise<string>;
  /** A server did not accept what was had here: it is had anew. False when there is nothing newer to be had. */
  refused(): boolean;
}

/** Credentials for one client: what is refused there is not asked for again on behalf of all. */
export type CredentialsFor = () => Credentials;

/** Everything is in the configuration or on this machine. References are for the cloud: what they name is not sent as a password. */
export const ownCredentials: CredentialsFor = () => ({
  reveal: async (value) => {
    const text = typeof value === "string" ? value : value.reveal();
    const [first] = referencesIn(text);
    if (first !== undefined)
      throw new Error(`${first.written} is resolved in the cloud only; here use a file`);
    return text;
  },
  read: readCredentialFile,
  refused: () => false,
});

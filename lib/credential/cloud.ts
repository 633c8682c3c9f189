import { type Reference, referencesIn, withReferences } from "../config/reference.ts";
import { rememberSecret } from "../config/secret.ts";
import { AbsentError, type Files } from "../files/files.ts";
import type { Credentials, CredentialsFor } from "./credentials.ts";
import { tellsUnreadable, unreadable } from "./missing.ts";
import { createRemembered, type Remembered } from "./remembered.ts";

export interface CloudCredentialsOptions {
  readonly files: Files;
  readonly stores: Readonly<Record<Reference["store"], SecretStore>>;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/** Gives a secret's text; rejects when there is none, it may not be read, or the service is away. */
export type SecretStore = (id: string) => Promise<string>;

/** A credential or a certificate; what is larger is none. */
const largest = 1024 * 1024;

/**
 * Secrets that the configuration refers to, had by the function that uses them when it uses them, and files of the
 * configuration's own folder. Both are remembered in this process for five minutes, or until a server refuses them; they
 * are never written anywhere.
 */
export const createCloudCredentials = ({ files, stores, clock }: CloudCredentialsOptions): CredentialsFor => {
  const remembered = createRemembered(clock);
  return () => credentialsOf({ files, stores, remembered });
};

interface Sources extends Omit<CloudCredentialsOptions, "clock"> {
  readonly remembered: Remembered;
}

const credentialsOf = ({ files, stores, remembered }: Sources): Credentials => {
  /** What this client was given, so that only that is had anew when it is refused. */
  const given = new Set<string>();
  const have = (name: string, load: () => Promise<string>) => {
    given.add(name);
    return remembered.get(name, load);
  };
  return {
    reveal: async (value) => {
      const written = typeof value === "string" ? value : value.reveal();
      const references = referencesIn(written);
      if (references.length === 0) return written;
      const values = references.map(async (reference) => {
        // The store is asked for each secret once, whatever keys of it are used.
        const { store, id } = reference;
        const whole = await have(`${store}:${id}`, () => secretOf(reference, stores[store]));
        return [reference.written, partOf(whole, reference)] as const;
      });
      const text = withReferences(written, new Map(await Promise.all(values)));
      rememberSecret(text);
      return text;
    },
    read: (key, file) => have(`file:${file}`, () => textOf(key, file, files)),
    refused: () => remembered.drop(given),
  };
};

const secretOf = async ({ written, id }: Reference, store: SecretStore): Promise<string> => {
  try {
    return await store(id);
  } catch (cause) {
    throw new Error(unreadable(written, oneLine(cause)), { cause });
  }
};

/** Trimmed of blanks at both ends, as the contents of files are. */
const partOf = (whole: string, { written, key }: Reference): string => {
  const part = key === undefined ? whole : memberOf(whole, { written, key });
  rememberSecret(part);
  if (part.trim() === "") throw new Error(unreadable(written, "it is empty"));
  return part.trim();
};

/** The parser's own words quote the secret. */
const memberOf = (whole: string, { written, key }: { written: string; key: string }): string => {
  let value: unknown;
  try {
    value = JSON.parse(whole);
  } catch {
    throw new Error(unreadable(written, "the secret is not JSON"));
  }
  const members: [string, unknown][] =
    typeof value === "object" && value !== null ? Object.entries(value) : [];
  const member = members.find(([name]) => name === key)?.[1];
  if (typeof member === "string" || typeof member === "number") return String(member);
  throw new Error(unreadable(written, `the secret has no text under ${JSON.stringify(key)}`));
};

const textOf = async (key: string, file: string, files: Files): Promise<string> => {
  try {
    return Buffer.from((await files.read(file, largest)).bytes).toString("utf8");
  } catch (cause) {
    const reason = oneLine(cause);
    if (tellsUnreadable(reason)) throw new Error(`${key}: ${reason}`, { cause });
    const told = cause instanceof AbsentError ? "there is no such file" : reason;
    throw new Error(unreadable(`${key} ${file}`, told), { cause });
  }
};

const oneLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message || cause.name : String(cause)).replace(/\s+/g, " ").slice(0, 500);

import { hash } from "node:crypto";
import { TransientError } from "../errors.ts";
import type { FollowMode } from "./settings.ts";
import type { SourceFile } from "./source-file.ts";
import type { Values } from "./values.ts";

/** The configuration that `tick` found valid last; every other function reads only this (design §1). */
export interface AcceptedConfigurations {
  current(): Promise<Accepted | undefined>;
  /** Makes the document the current one; of two at the same time one wins, and both end knowing a whole one. Accepting the current one again changes nothing. */
  accept(document: AcceptedDocument, expected?: Expected): Promise<Accepted>;
  /** 32 random bytes under which provider ids are made; the same for everybody, for the life of the table. */
  providerKey(): Promise<Buffer>;
}

/** The hash of the document that is to be replaced; undefined when there is none. Rejects with ConfigurationMoved when it is another. */
export interface Expected {
  readonly insteadOf: string | undefined;
}

/** Somebody else accepted a document since the caller read the files: they must be read again. */
export class ConfigurationMoved extends TransientError {
  override name = "ConfigurationMoved";
}

export interface Accepted {
  /** SHA-256 in hex: the same document has the same hash. */
  readonly hash: string;
  /** Unix milliseconds. */
  readonly acceptedAt: number;
  readonly document: AcceptedDocument;
}

/** The files as they were read. Secrets written into them are in it: the local table is readable by its owner only. */
export interface AcceptedDocument {
  readonly main: SourceFile;
  readonly jobFiles: readonly SourceFile[];
  readonly settings?: SourceFile;
  /** What references of the settings stand for, but for credentials; absent where none was resolved. */
  readonly values?: Values;
  /** The files of rules that adapters name; each once. */
  readonly rules?: readonly SourceFile[];
  /** The API server that each kubeconfig names, by the kubeconfig's path: what an identifier needs of it. */
  readonly servers: Readonly<Record<string, string>>;
  /** The kubeconfig given on the command line. */
  readonly kubeconfig?: string;
  /** A block without an API server can mean the cluster around us. */
  readonly inCluster: boolean;
  /** Who keeps up with clusters whose settings do not say; absent in documents from before there was a choice: the schedule. */
  readonly follow?: FollowMode;
}

/** One hash for one document, in whatever order its servers were found. */
export const documentHash = (document: AcceptedDocument): string => {
  const { main, jobFiles, settings, values, rules = [], servers, kubeconfig, inCluster, follow } = document;
  const files = [main, ...jobFiles].map(({ path, text }) => [path, text]);
  const named = sorted(servers);
  const canonical = [
    files,
    settings ? [settings.path, settings.text] : null,
    named,
    kubeconfig ?? null,
    inCluster,
    // Documents from before there was a choice keep their hash.
    ...(follow === "relay" ? [follow] : []),
    ...(values === undefined ? [] : [sorted(values)]),
    ...(rules.length > 0 ? [{ rules: rules.map(({ path, text }) => [path, text]) }] : []),
  ];
  return hash("sha256", JSON.stringify(canonical));
};

const sorted = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

export const refuseMoved = (held: string | undefined, expected: Expected | undefined): void => {
  if (expected !== undefined && expected.insteadOf !== held) {
    throw new ConfigurationMoved("another configuration was accepted in the meantime");
  }
};

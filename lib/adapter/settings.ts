import { hash } from "node:crypto";
import type { AcceptedConfigurations, AcceptedDocument } from "../config/accepted.ts";
import type { AdapterSettings } from "../config/adapters.ts";
import type { Settings } from "../config/settings.ts";
import type { SourceFile } from "../config/source-file.ts";
import { understand } from "../config/understand.ts";
import { parseRules } from "./config/parse.ts";
import type { AdapterRules } from "./config/rules.ts";

/** What adapters go by: the settings of the accepted configuration, and each adapter's rules. */
export interface CurrentAdapters {
  /** Another object for another configuration. */
  readonly settings: Settings;
  /** Where kubeconfigs point, by their path. */
  readonly servers: Readonly<Record<string, string>>;
  readonly adapters: readonly ConfiguredAdapter[];
}

export interface ConfiguredAdapter {
  readonly settings: AdapterSettings;
  /** Undefined for one that serves the model store. */
  readonly rules?: { readonly file: SourceFile; readonly hash: string; readonly parsed: AdapterRules };
}

/** Reads them; the same object as long as it is the same configuration. Undefined before there is one. */
export const createAdaptersReader = (accepted: AcceptedConfigurations) => {
  let latest: { readonly hash: string; readonly current: CurrentAdapters } | undefined;
  return async (): Promise<CurrentAdapters | undefined> => {
    const found = await accepted.current();
    if (found === undefined) return undefined;
    if (latest?.hash !== found.hash) latest = { hash: found.hash, current: currentIn(found.document) };
    return latest.current;
  };
};

const currentIn = (document: AcceptedDocument): CurrentAdapters => {
  const { settings } = understand(document);
  const { servers, rules = [] } = document;
  const configured = settings.adapters.map((adapter): ConfiguredAdapter => {
    const file = rules.find(({ path }) => path === adapter.rulesFile);
    if (file === undefined) return { settings: adapter };
    return { settings: adapter, rules: { file, hash: hash("sha256", file.text), parsed: parseRules(file) } };
  });
  return { settings, servers, adapters: configured };
};

import type { AcceptedConfigurations } from "../config/accepted.ts";
import type { Settings } from "../config/settings.ts";

/** What collecting goes by. */
export interface Current {
  readonly settings: Settings;
  /** Where kubeconfigs point, by their path. */
  readonly servers: Readonly<Record<string, string>>;
}

/** Reads the settings of the accepted configuration; the same object as long as it is the same document. Undefined before there is one. */
export const createSettingsReader = (accepted: AcceptedConfigurations) => {
  let latest: { readonly hash: string; readonly current: Current } | undefined;
  return async (): Promise<Current | undefined> => {
    const reading = accepted.current();
    // Loaded while the table is asked for the first time.
    const [found, { understand }] = await Promise.all([reading, import("../config/understand.ts")]);
    if (found === undefined) return undefined;
    if (latest?.hash !== found.hash) {
      const { settings } = understand(found.document);
      latest = { hash: found.hash, current: { settings, servers: found.document.servers } };
    }
    return latest.current;
  };
};

import { tellsUnreadable } from "../credential/missing.ts";
import type { Provider } from "../discovery/provider.ts";
import type { ProviderStatus } from "../pool/status.ts";
import type { Acceptance } from "./accept.ts";

/** What is wrong with the configuration at a tick, for alarms. Whatever it is, the last good configuration and targets go on. */
export interface ConfigurationFaults {
  /** What the files say is refused. */
  readonly refused: boolean;
  /** A file, secret, parameter or bucket that the configuration names cannot be read: by tick now, or by a provider's last look. */
  readonly missing: boolean;
}

export const configurationFaults = (
  acceptance: Acceptance,
  providers: readonly Provider[],
  statuses: readonly ProviderStatus[],
): ConfigurationFaults => {
  const fault = acceptance.outcome === "kept" ? acceptance.fault : undefined;
  // A provider that is being retired needs nothing any more.
  const planned = new Set(providers.map(({ id }) => id));
  const lacking = statuses.some(
    ({ provider, lastError }) => planned.has(provider) && tellsUnreadable(lastError),
  );
  return { refused: fault === "refused", missing: fault === "missing" || lacking };
};

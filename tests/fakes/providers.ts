import type { Provider } from "../../lib/discovery/provider.ts";
import type { ProviderStatus } from "../../lib/pool/status.ts";

/** A provider for tests that do not look at anything; static unless told otherwise. */
export const provider = (over: Partial<Provider> = {}): Provider => ({
  id: "static/0123456789ab",
  config: { mechanism: "static", groups: [] },
  cluster: "static/0123456789ab",
  jobs: ["pods"],
  every: 60_000,
  follow: "schedule",
  ...over,
});

/** The record of a provider that was looked at with success. */
export const status = (over: Partial<ProviderStatus> = {}): ProviderStatus => ({
  provider: "static/0123456789ab",
  mechanism: "static",
  cluster: "static/0123456789ab",
  jobs: ["pods"],
  every: 60_000,
  lastError: "",
  sources: 0,
  targets: 0,
  lastDurationSeconds: 0.1,
  counters: { looks: 1, failures: 0, added: 0, updated: 0, removed: 0 },
  ...over,
});

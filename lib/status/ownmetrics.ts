import type { Provider } from "../discovery/provider.ts";
import { type Health, healthOf, stalenessOf } from "../pool/health.ts";
import type { ProviderStatus } from "../pool/status.ts";
import { counter, type Exposition, gauge, type Metric } from "./exposition.ts";
import type { Measured } from "./measured.ts";

/** What Rollcall tells of itself, beside what Prometheus has names for (docs/runbook.md). */
export const addOwn = (
  measured: Measured,
  records: ReadonlyMap<string, ProviderStatus>,
  exposition: Exposition,
) => {
  exposition.add(deadLetters, measured.deadLetters);
  exposition.add(reducerLag, measured.lag);
  if (measured.reload !== undefined) {
    exposition.add(reloadSuccessful, measured.reload.successful ? 1 : 0);
    exposition.add(reloadSuccess, measured.reload.successAt / 1000);
  }
  for (const provider of measured.plan.providers) {
    addProvider(provider, records.get(provider.id), { exposition, now: measured.now });
  }
};

const addProvider = (
  provider: Provider,
  status: ProviderStatus | undefined,
  { exposition, now }: { exposition: Exposition; now: number },
) => {
  const own = { provider: provider.id, mechanism: provider.config.mechanism, cluster: provider.cluster };
  const add = (metric: Metric, value: number, labels: Readonly<Record<string, string>> = {}) =>
    exposition.add(metric, value, { labels: { ...own, ...labels } });
  const { counters, guard } = status ?? {};
  add(up, status?.lastError === "" && status.lastAttempt !== undefined ? 1 : 0);
  const actual = healthOf(status, now);
  for (const one of healths) add(health, one === actual ? 1 : 0, { health: one });
  const by = status?.followedBy ?? provider.follow;
  for (const one of followers) add(followed, one === by ? 1 : 0, { by: one });
  add(staleness, stalenessOf(status, now));
  add(lookDuration, status?.lastDurationSeconds ?? 0);
  add(sources, status?.sources ?? 0);
  add(targets, status?.targets ?? 0);
  add(heldSources, guard?.sources ?? 0);
  add(heldTargets, guard?.targets ?? 0);
  add(looks, counters?.looks ?? 0);
  add(failures, counters?.failures ?? 0);
  add(repaired, counters?.repaired ?? 0);
  for (const change of kinds) add(changes, counters?.[change] ?? 0, { change });
};

const healths: readonly Health[] = ["ok", "stale", "failing", "never"];
const followers = ["schedule", "relay"] as const;
const kinds = ["added", "updated", "removed"] as const;

const deadLetters = counter(
  "rollcall_dead_letters_total",
  "Messages that the reducer refused for good; they are in the dead-letter queue with the reason.",
);
const reducerLag = gauge("rollcall_reducer_lag_seconds", "How far the reducer is behind, as it last said.");
const reloadSuccessful = gauge(
  "rollcall_config_last_reload_successful",
  "Whether the configuration could be accepted when it was last read.",
);
const reloadSuccess = gauge(
  "rollcall_config_last_reload_success_timestamp_seconds",
  "When the configuration was last read and could be accepted, changed or not.",
);
const up = gauge("rollcall_provider_up", "1 when the provider's last look succeeded.");
const health = gauge("rollcall_provider_health", "1 for the provider's health, 0 for the others.");
const followed = gauge(
  "rollcall_provider_followed",
  "1 for who keeps up with the provider, 0 for the other.",
);
const staleness = gauge("rollcall_provider_staleness_seconds", "Time since the last full success.");
const lookDuration = gauge("rollcall_provider_look_duration_seconds", "How long the last look took.");
const sources = gauge("rollcall_provider_sources", "Target groups of the provider.");
const targets = gauge("rollcall_provider_targets", "Targets of the provider.");
const heldSources = gauge(
  "rollcall_provider_guard_held_sources",
  "Target groups whose removal the guard holds back.",
);
const heldTargets = gauge(
  "rollcall_provider_guard_held_targets",
  "Targets whose removal the guard holds back.",
);
const looks = counter("rollcall_provider_looks_total", "Looks at the provider.");
const failures = counter(
  "rollcall_provider_failures_total",
  "Looks at the provider that failed, wholly or in part.",
);
const repaired = counter(
  "rollcall_provider_repaired_total",
  "Target groups that a full check found lost on the way, and announced again.",
);
const changes = counter("rollcall_provider_changes_total", "Changes announced.");

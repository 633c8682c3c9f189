import { kubernetesRoles } from "../config/configuration.ts";
import type { Plan } from "../discovery/current.ts";
import type { ProviderStatus } from "../pool/status.ts";
import type { Exposition, Metric } from "./exposition.ts";

/**
 * Prometheus's counters of Kubernetes discovery, every role and event of them from the start (spec §2.2). A followed
 * provider counts what its watches told; a look, which hears of no events, counts the differences that it found.
 */
export const addKubernetes = (
  plan: Plan,
  records: ReadonlyMap<string, ProviderStatus>,
  exposition: Exposition,
) => {
  for (const role of kubernetesRoles) {
    for (const event of Object.keys(kinds)) exposition.add(events, 0, { labels: { role, event } });
  }
  exposition.add(failures, 0);
  for (const { id, config } of plan.providers) {
    const status = records.get(id);
    if (config.mechanism !== "kubernetes" || status === undefined) continue;
    const { counters, followedBy } = status;
    const isWatched = followedBy === "relay";
    exposition.add(failures, (isWatched ? counters.watchFailures : counters.failures) ?? 0);
    const told = isWatched ? counters.events : byRole(config.role, counters);
    for (const [name, count] of Object.entries(told ?? {})) {
      const [role = "", event = ""] = name.split(" ");
      exposition.add(events, count, { labels: { role, event } });
    }
  }
};

const kinds = { add: "added", update: "updated", delete: "removed" } as const;

const byRole = (role: string, counters: ProviderStatus["counters"]): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(kinds).map(([event, kind]) => [`${role} ${event}`, counters[kind]]));

const events: Metric = {
  name: "prometheus_sd_kubernetes_events_total",
  type: "counter",
  help: "Events of Kubernetes objects, or differences found where nothing is watched.",
};
const failures: Metric = {
  name: "prometheus_sd_kubernetes_failures_total",
  type: "counter",
  help: "Lists and watches that failed, or looks where nothing is watched.",
};

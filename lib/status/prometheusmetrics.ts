import type { SdConfig } from "../config/configuration.ts";
import type { Plan } from "../discovery/current.ts";
import { parseHost } from "../discovery/docker/host.ts";
import type { Provider } from "../discovery/provider.ts";
import { durationBounds } from "../pool/durations.ts";
import type { ProviderStatus } from "../pool/status.ts";
import { counter, type Exposition, gauge, type Metric, summary } from "./exposition.ts";
import { addKubernetes } from "./kubernetesmetrics.ts";

export type Records = ReadonlyMap<string, ProviderStatus>;

/** Prometheus's own names and labels. Those of its scrape manager, its file watcher and its work queues have nothing to count here. */
export const addPrometheus = (plan: Plan, records: Records, exposition: Exposition) => {
  addJobs(plan, records, exposition);
  for (const provider of plan.providers) addMechanism(provider, records.get(provider.id), exposition);
  addKubernetes(plan, records, exposition);
};

const addJobs = (plan: Plan, records: Records, exposition: Exposition) => {
  const labels = { name: "scrape" };
  exposition.add(failedConfigs, 0, { labels });
  for (const job of plan.configuration.jobs) {
    const own = plan.providers.filter((provider) => provider.jobs.includes(job.name));
    const known = own.flatMap((provider) => records.get(provider.id) ?? []);
    const targets = known.reduce((sum, status) => sum + status.targets, 0);
    const last = Math.max(0, ...known.map((status) => status.lastSuccess ?? 0)) / 1000;
    const series = { labels: { ...labels, config: job.name } };
    exposition.add(discoveredTargets, targets, series);
    exposition.add(lastUpdate, last, series);
    exposition.add(failedConfigs, job.sdConfigs.filter(isUnusable).length, { labels });
  }
};

/** Only a Docker host passes Prometheus's validation and then cannot be made a client of (spec §3.1). */
const isUnusable = (config: SdConfig): boolean => {
  if (config.mechanism !== "docker" && config.mechanism !== "dockerswarm") return false;
  try {
    parseHost(config.host);
    return false;
  } catch {
    // Why is told by the provider's own record.
    return true;
  }
};

/** Mechanisms that Prometheus looks at in intervals, and counts as such; classic Swarm is one of ours. */
const refreshed: ReadonlySet<string> = new Set(["http", "swarm", "docker", "dockerswarm"]);

const addMechanism = (provider: Provider, status: ProviderStatus | undefined, exposition: Exposition) => {
  const { mechanism } = provider.config;
  const failures = status?.counters.failures ?? 0;
  const updates = (status?.counters.looks ?? 0) - failures;
  exposition.add(receivedUpdates, updates, { labels: { name: "scrape" } });
  if (refreshed.has(mechanism)) addRefresh(provider, status, exposition);
  if (mechanism === "http") exposition.add(httpFailures, failures);
  if (mechanism === "file") addFiles(status, exposition);
};

const addRefresh = (provider: Provider, status: ProviderStatus | undefined, exposition: Exposition) => {
  const { mechanism } = provider.config;
  const { failures = 0, durations } = status?.counters ?? {};
  const labels = { mechanism, config: provider.jobs[0] ?? "" };
  exposition.add(refreshFailures, failures, { labels });
  addSummed(refreshDuration, status, { labels, exposition });
  for (const [at, bound] of durationBounds.entries()) {
    const bucket = { mechanism, le: String(bound) };
    exposition.add(refreshHistogram, durations?.within[at] ?? 0, { labels: bucket, part: "_bucket" });
  }
  exposition.add(refreshHistogram, durations?.count ?? 0, {
    labels: { mechanism, le: "+Inf" },
    part: "_bucket",
  });
  addSummed(refreshHistogram, status, { labels: { mechanism }, exposition });
};

/** Quantiles cannot be told out of sums, and Prometheus takes a summary without them. */
const addSummed = (
  metric: Metric,
  status: ProviderStatus | undefined,
  { labels, exposition }: { labels: Readonly<Record<string, string>>; exposition: Exposition },
) => {
  const { seconds = 0, count = 0 } = status?.counters.durations ?? {};
  exposition.add(metric, seconds, { labels, part: "_sum" });
  exposition.add(metric, count, { labels, part: "_count" });
};

const addFiles = (status: ProviderStatus | undefined, exposition: Exposition) => {
  exposition.add(fileErrors, status?.counters.failures ?? 0);
  addSummed(fileScan, status, { labels: {}, exposition });
  for (const [filename, changed] of Object.entries(status?.files ?? {})) {
    // Providers that share a file have it once, as it was seen last.
    exposition.set(fileChanged, changed / 1000, { labels: { filename } });
  }
};

const discoveredTargets = gauge("prometheus_sd_discovered_targets", "Targets that the job has now.");
const lastUpdate = gauge(
  "prometheus_sd_last_update_timestamp_seconds",
  "When a look at the job last succeeded.",
);
const failedConfigs = gauge("prometheus_sd_failed_configs", "Configurations that nothing can be asked with.");
const receivedUpdates = counter("prometheus_sd_received_updates_total", "Looks that learned something.");
const refreshFailures = counter("prometheus_sd_refresh_failures_total", "Looks that failed.");
const refreshDuration = summary(
  "prometheus_sd_refresh_duration_seconds",
  "How long looks took, the announcing of what changed included.",
);
const refreshHistogram: Metric = {
  name: "prometheus_sd_refresh_duration_histogram_seconds",
  type: "histogram",
  help: "How long looks took, the announcing of what changed included.",
};
const httpFailures = counter("prometheus_sd_http_failures_total", "Looks of HTTP discovery that failed.");
const fileErrors = counter(
  "prometheus_sd_file_read_errors_total",
  "Looks of file discovery with a file that could not be read.",
);
const fileScan = summary(
  "prometheus_sd_file_scan_duration_seconds",
  "How long looks of file discovery took.",
);
const fileChanged = gauge(
  "prometheus_sd_file_mtime_seconds",
  "When a file of file discovery changed; at most 100 of each provider.",
);

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DockerSdConfig, SdConfig } from "../../../lib/config/configuration.ts";
import type { Reload } from "../../../lib/config/reload.ts";
import { noSettings } from "../../../lib/config/settings.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import type { CycleRecord } from "../../../lib/metrics/cycles/cycles.ts";
import type { ProviderStatus } from "../../../lib/pool/status.ts";
import { renderMetrics } from "../../../lib/status/metrics.ts";
import { job } from "../../fakes/jobs.ts";
import { provider, status } from "../../fakes/providers.ts";
import { kubernetesConfig } from "../../fakes/sdconfigs.ts";
import { plainClient } from "../http/support/config.ts";

const now = Date.parse("2026-03-04T05:06:07Z");

/** The lines that `/metrics` has for these providers and records. */
const linesOf = (
  providers: readonly Provider[],
  statuses: readonly ProviderStatus[],
  {
    sdConfigs = [] as SdConfig[],
    deadLetters = 0,
    lag = 0,
    reload = undefined as Reload | undefined,
    cycles = [] as CycleRecord[],
  } = {},
) => {
  const configuration = { jobs: [{ ...job("pods"), sdConfigs }] };
  const plan = { hash: "h", providers, warnings: [], settings: noSettings, configuration };
  const { body } = renderMetrics({ plan, statuses, deadLetters, lag, reload, cycles, now });
  return body.split("\n");
};

const expectAll = (lines: readonly string[], expected: readonly string[]) => {
  for (const line of expected) assert.ok(lines.includes(line), `${line} in\n${lines.join("\n")}`);
};

const http = provider({
  id: "http/1",
  cluster: "http/1",
  config: { mechanism: "http", url: "http://127.0.0.1:1", refreshInterval: 60_000, httpClient: plainClient },
});
const file = (id: string) =>
  provider({ id, config: { mechanism: "file", files: [], refreshInterval: 60_000 } });
const kubernetes = (id: string, role: "pod" | "endpoints") =>
  provider({ id, config: kubernetesConfig({ role }) });
const counters = { looks: 4, failures: 1, added: 3, updated: 2, removed: 1 };
const durations = { count: 4, seconds: 3.5, within: [0, 1, 3, 4] };
const ok = { lastAttempt: now, lastSuccess: now - 2_000 };

describe("Prometheus's metrics", () => {
  test("have how long looks took, as a summary and as a histogram of the mechanism", () => {
    const records = ["http/1", "http/2"].map((id) =>
      status({ provider: id, counters: { ...counters, durations } }),
    );
    expectAll(linesOf([http, { ...http, id: "http/2", jobs: ["other"] }], records), [
      "# TYPE prometheus_sd_refresh_duration_seconds summary",
      'prometheus_sd_refresh_duration_seconds_sum{mechanism="http",config="pods"} 3.5',
      'prometheus_sd_refresh_duration_seconds_count{mechanism="http",config="other"} 4',
      "# TYPE prometheus_sd_refresh_duration_histogram_seconds histogram",
      'prometheus_sd_refresh_duration_histogram_seconds_bucket{mechanism="http",le="0.01"} 0',
      'prometheus_sd_refresh_duration_histogram_seconds_bucket{mechanism="http",le="0.1"} 2',
      'prometheus_sd_refresh_duration_histogram_seconds_bucket{mechanism="http",le="1"} 6',
      'prometheus_sd_refresh_duration_histogram_seconds_bucket{mechanism="http",le="10"} 8',
      'prometheus_sd_refresh_duration_histogram_seconds_bucket{mechanism="http",le="+Inf"} 8',
      'prometheus_sd_refresh_duration_histogram_seconds_sum{mechanism="http"} 7',
      'prometheus_sd_refresh_duration_histogram_seconds_count{mechanism="http"} 8',
      'prometheus_sd_refresh_failures_total{mechanism="http",config="pods"} 1',
      "prometheus_sd_http_failures_total 2",
    ]);
  });

  test("have when files changed, each file once, and how long reading them took", () => {
    const files = { "/etc/a.json": 1_500, "/etc/b.json": 2_000 };
    const records = [
      status({ provider: "file/1", files, counters: { ...counters, durations } }),
      status({ provider: "file/2", files: { "/etc/a.json": 1_500 } }),
    ];
    const lines = linesOf([file("file/1"), file("file/2")], records);
    expectAll(lines, [
      'prometheus_sd_file_mtime_seconds{filename="/etc/a.json"} 1.5',
      'prometheus_sd_file_mtime_seconds{filename="/etc/b.json"} 2',
      "prometheus_sd_file_scan_duration_seconds_sum 3.5",
      "prometheus_sd_file_scan_duration_seconds_count 4",
      "prometheus_sd_file_read_errors_total 1",
    ]);
    assert.equal(lines.filter((line) => line.includes("refresh_duration")).length, 0);
  });

  test("count the Docker hosts that no client can be made for", () => {
    const docker = (host: string): DockerSdConfig => ({
      mechanism: "docker",
      host,
      port: 80,
      filters: [],
      refreshInterval: 60_000,
      hostNetworkingHost: "localhost",
      matchFirstNetwork: true,
      httpClient: plainClient,
    });
    const sdConfigs = ["localhost:2375", "unix:///run/docker.sock", "tcp://"].map(docker);
    expectAll(linesOf([], [], { sdConfigs }), ['prometheus_sd_failed_configs{name="scrape"} 2']);
    expectAll(linesOf([], []), ['prometheus_sd_failed_configs{name="scrape"} 0']);
  });

  test("have every event of every Kubernetes role from the start", () => {
    const lines = linesOf([], []);
    const events = lines.filter((line) => line.startsWith("prometheus_sd_kubernetes_events_total{"));
    assert.equal(events.length, 18);
    assert.ok(events.every((line) => line.endsWith(" 0")));
    expectAll(lines, [
      'prometheus_sd_kubernetes_events_total{role="ingress",event="delete"} 0',
      "prometheus_sd_kubernetes_failures_total 0",
    ]);
  });

  test("count the events that watches told, and of what is looked at the differences found", () => {
    const watched = {
      ...counters,
      events: { "endpoints add": 9, "pod update": 5, "service delete": 1 },
      watchFailures: 7,
    };
    const records = [
      status({ provider: "kubernetes/1", followedBy: "relay", counters: watched }),
      status({ provider: "kubernetes/2", counters }),
    ];
    const lines = linesOf(
      [kubernetes("kubernetes/1", "endpoints"), kubernetes("kubernetes/2", "pod")],
      records,
    );
    expectAll(lines, [
      'prometheus_sd_kubernetes_events_total{role="endpoints",event="add"} 9',
      'prometheus_sd_kubernetes_events_total{role="endpoints",event="update"} 0',
      'prometheus_sd_kubernetes_events_total{role="service",event="delete"} 1',
      'prometheus_sd_kubernetes_events_total{role="pod",event="add"} 3',
      'prometheus_sd_kubernetes_events_total{role="pod",event="update"} 7',
      'prometheus_sd_kubernetes_events_total{role="pod",event="delete"} 1',
      "prometheus_sd_kubernetes_failures_total 8",
    ]);
  });
});

describe("Rollcall's metrics", () => {
  const labels = 'provider="http/1",mechanism="http",cluster="http/1"';

  test("tell a provider's health, who keeps up with it, what is held back and what was repaired", () => {
    const guard = { since: now, sources: 2, targets: 30 };
    const repaired = { ...counters, repaired: 6 };
    const record = status({ provider: "http/1", ...ok, followedBy: "relay", guard, counters: repaired });
    expectAll(linesOf([http], [record]), [
      `rollcall_provider_up{${labels}} 1`,
      `rollcall_provider_health{${labels},health="ok"} 1`,
      `rollcall_provider_health{${labels},health="stale"} 0`,
      `rollcall_provider_followed{${labels},by="relay"} 1`,
      `rollcall_provider_followed{${labels},by="schedule"} 0`,
      `rollcall_provider_staleness_seconds{${labels}} 2`,
      `rollcall_provider_guard_held_sources{${labels}} 2`,
      `rollcall_provider_guard_held_targets{${labels}} 30`,
      `rollcall_provider_repaired_total{${labels}} 6`,
      `rollcall_provider_failures_total{${labels}} 1`,
      `rollcall_provider_changes_total{${labels},change="removed"} 1`,
    ]);
  });

  test("tell a stale provider and one that was never looked at", () => {
    const stale = status({ provider: "http/1", lastAttempt: now, lastSuccess: now - 241_000 });
    expectAll(linesOf([http], [stale]), [
      `rollcall_provider_health{${labels},health="stale"} 1`,
      `rollcall_provider_health{${labels},health="ok"} 0`,
    ]);
    expectAll(linesOf([http], []), [
      `rollcall_provider_health{${labels},health="never"} 1`,
      `rollcall_provider_up{${labels}} 0`,
      `rollcall_provider_repaired_total{${labels}} 0`,
    ]);
  });

  test("tell the dead letters and how far the reducer is behind", () => {
    expectAll(linesOf([], [], { deadLetters: 3, lag: 1.5 }), [
      "# TYPE rollcall_dead_letters_total counter",
      "rollcall_dead_letters_total 3",
      "rollcall_reducer_lag_seconds 1.5",
    ]);
  });
});

describe("the metrics of reading the configuration", () => {
  test("are as Prometheus tells of its reloads", () => {
    expectAll(linesOf([], [], { reload: { successful: true, successAt: now - 1_500 } }), [
      "rollcall_config_last_reload_successful 1",
      `rollcall_config_last_reload_success_timestamp_seconds ${(now - 1_500) / 1000}`,
    ]);
    expectAll(linesOf([], [], { reload: { successful: false, successAt: 0 } }), [
      "rollcall_config_last_reload_successful 0",
      "rollcall_config_last_reload_success_timestamp_seconds 0",
    ]);
  });

  test("are not there before the first tick", () => {
    assert.ok(!linesOf([], []).some((line) => line.includes("rollcall_config")));
  });
});

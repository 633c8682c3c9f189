import type { AdapterSettings } from "./adapters.ts";
import type { KubernetesServer } from "./configuration.ts";
import type { MetricsSettings } from "./metrics/settings.ts";

/** `rollcall.yml`, validated (design §3.7). Durations are milliseconds. */
export interface Settings {
  readonly clusters: readonly ClusterSettings[];
  readonly jobs: readonly JobSettings[];
  readonly guard: GuardSettings;
  readonly history: HistorySettings;
  /** None: only loopback is answered (promise 8). */
  readonly tokens: readonly TokenSettings[];
  /** None: no cluster metrics are collected. */
  readonly metrics?: MetricsSettings;
  /** None: the Kubernetes metrics APIs are not served. */
  readonly adapters: readonly AdapterSettings[];
}

/** Who may read what. Of the token itself only its SHA-256 is known here. */
export interface TokenSettings {
  /** For people, and the user of a basic login; several tokens may have one name while they are rotated. */
  readonly name: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Names of jobs; `*` for all. */
  readonly jobs: readonly string[];
  /** Globs over cluster names. */
  readonly clusters: readonly string[];
  /** May reload, and let go what the guard holds. */
  readonly operate: boolean;
  /** Unix milliseconds from which on it is no longer valid. */
  readonly expires?: number;
}

/** How a cluster is kept up with: watched or polled by a relay that never ends, or looked at when the schedule says so. */
export const followModes = ["relay", "schedule"] as const;
export type FollowMode = (typeof followModes)[number];

/** A cluster that the settings name, matched to discovery blocks by API server, Docker host or masters. */
export interface ClusterSettings {
  /** Absent for what `--kubeconfig` brings, so that plain files stay label-exact. */
  readonly name?: string;
  readonly access: ClusterAccess;
  /** How often a look is due; absent: the mechanism's own interval. */
  readonly every?: number;
  /** Absent: as the accepted configuration's default says. */
  readonly follow?: FollowMode;
}

export type ClusterAccess =
  | KubernetesServer
  | { readonly kind: "masters"; readonly masters: readonly string[] }
  /** A Docker daemon, as `host` of `docker_sd_configs` and `dockerswarm_sd_configs` names it. */
  | { readonly kind: "host"; readonly host: string };

export type KubernetesCluster = ClusterSettings & { readonly access: KubernetesServer };

export const isKubernetes = (entry: ClusterSettings): entry is KubernetesCluster =>
  entry.access.kind !== "masters" && entry.access.kind !== "host";

/** What Prometheus's file has no word for in a job. */
export interface JobSettings {
  readonly name: string;
  /** Globs over cluster names: which of `clusters` a block without an API server stands for in this job. */
  readonly clusters: readonly string[];
}

/** A look that would take away more than both has its removals held (promise 4). */
export interface GuardSettings {
  /** A share of the provider's targets, above 0 and at most 1. */
  readonly maxRemoved: number;
  /** A number of targets. */
  readonly minRemoved: number;
}

export const defaultGuard: GuardSettings = { maxRemoved: 0.5, minRemoved: 10 };

/** How long it is kept what targets were before they changed. */
export interface HistorySettings {
  /** 0: no history at all. */
  readonly retention: number;
}

export const defaultHistory: HistorySettings = { retention: 7 * 24 * 3_600_000 };

/** What no file, or an empty one, says. */
export const noSettings: Settings = {
  clusters: [],
  jobs: [],
  guard: defaultGuard,
  history: defaultHistory,
  tokens: [],
  adapters: [],
};

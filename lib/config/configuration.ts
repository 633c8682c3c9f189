import type { Rule } from "../relabel/rule.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import type { Secret } from "./secret.ts";

/** A validated `prometheus.yml` with its defaults filled in and its paths joined (design §3.1). */
export interface Configuration {
  readonly jobs: readonly Job[];
}

/** One scrape configuration. Durations are milliseconds. */
export interface Job {
  readonly name: string;
  /** Each block in the order Prometheus runs them: by mechanism, then as written; all static groups of a job are one block. */
  readonly sdConfigs: readonly SdConfig[];
  readonly scrapeInterval: number;
  readonly scrapeTimeout: number;
  readonly metricsPath: string;
  readonly scheme: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly relabelConfigs: readonly Rule[];
  readonly keepDroppedTargets: number;
  readonly histograms: Histograms;
}

/** The three flags that become target labels since Prometheus 3.13 (spec §4.3 step 3). */
export interface Histograms {
  readonly convertClassicHistogramsToNhcb: boolean;
  readonly alwaysScrapeClassicHistograms: boolean;
  readonly scrapeNativeHistograms: boolean;
}

export type SdConfig =
  | KubernetesSdConfig
  | SwarmSdConfig
  | DockerSwarmSdConfig
  | DockerSdConfig
  | StaticSdConfig
  | FileSdConfig
  | HttpSdConfig;

export const kubernetesRoles = ["pod", "service", "endpoints", "endpointslice", "node", "ingress"] as const;
export type KubernetesRole = (typeof kubernetesRoles)[number];

/** spec §2.1. `access` is what the block says; a settings entry may fill in `default` later (design §3.7). */
export interface KubernetesSdConfig {
  readonly mechanism: "kubernetes";
  readonly role: KubernetesRole;
  readonly access: KubernetesAccess;
  readonly namespaces: { readonly names: readonly string[]; readonly ownNamespace: boolean };
  readonly selectors: readonly Selector[];
  readonly attachMetadata: AttachMetadata;
}

export type KubernetesAccess =
  /** Neither `api_server` nor `kubeconfig_file`: every cluster of the settings, else in-cluster. */
  | { readonly kind: "default" }
  | { readonly kind: "in-cluster" }
  | { readonly kind: "kubeconfig"; readonly file: string }
  | { readonly kind: "api-server"; readonly url: string; readonly httpClient: HttpClientConfig }
  | EksAccess;

/** Access to one certain API server. */
export type KubernetesServer = Exclude<KubernetesAccess, { kind: "default" }>;

/** A cluster of Amazon's, whose tokens are signed here (design §3.7). Only the settings have it. */
export interface EksAccess {
  readonly kind: "eks";
  readonly clusterName: string;
  readonly region: string;
  /** Of the role that may reach it, in this or another account; absent: the function's own. */
  readonly roleArn?: string;
  /** Absent: asked of EKS, as is the CA when `httpClient` has none. */
  readonly url?: string;
  /** Without credentials. */
  readonly httpClient: HttpClientConfig;
}

export interface Selector {
  readonly role: KubernetesRole;
  readonly label: string;
  readonly field: string;
}

export interface AttachMetadata {
  readonly node: boolean;
  readonly namespace: boolean;
  readonly deployment: boolean;
  readonly job: boolean;
  readonly cronjob: boolean;
}

/** Classic Swarm (design §3.6). */
export interface SwarmSdConfig {
  readonly mechanism: "swarm";
  readonly masters: readonly string[];
  readonly refreshInterval: number;
  readonly metricsPort: string;
  readonly httpClient: HttpClientConfig;
}

export const dockerSwarmRoles = ["services", "tasks", "nodes"] as const;
export type DockerSwarmRole = (typeof dockerSwarmRoles)[number];

/** What both Docker mechanisms say of the daemon (spec §3.1). `host` is as written: `unix://`, `tcp://`, `http://` or `https://`. */
interface DockerHostConfig {
  readonly host: string;
  /** For targets that publish none. */
  readonly port: number;
  readonly filters: readonly DockerFilter[];
  readonly refreshInterval: number;
  /** In force for `http://` and `https://` hosts only. */
  readonly httpClient: HttpClientConfig;
}

/** Docker's Swarm mode (spec §3.2 to §3.5). */
export interface DockerSwarmSdConfig extends DockerHostConfig {
  readonly mechanism: "dockerswarm";
  readonly role: DockerSwarmRole;
}

/** The containers of one Docker engine (spec §3.6). */
export interface DockerSdConfig extends DockerHostConfig {
  readonly mechanism: "docker";
  readonly hostNetworkingHost: string;
  readonly matchFirstNetwork: boolean;
}

export interface DockerFilter {
  readonly name: string;
  readonly values: readonly string[];
}

/** All `static_configs` of a job; sources are `0`, `1`, … (spec §1.2). */
export interface StaticSdConfig {
  readonly mechanism: "static";
  readonly groups: readonly TargetGroup[];
}

export interface FileSdConfig {
  readonly mechanism: "file";
  /** Joined to the configuration file's folder. */
  readonly files: readonly string[];
  readonly refreshInterval: number;
}

export interface HttpSdConfig {
  readonly mechanism: "http";
  readonly url: string;
  readonly refreshInterval: number;
  readonly httpClient: HttpClientConfig;
}

/** Prometheus's HTTP client block (prometheus/common `config/http_config.go`). Every `…File` is read anew on each look. */
export interface HttpClientConfig {
  readonly basicAuth?: BasicAuth;
  /** `bearer_token` and `bearer_token_file` end up here with type `Bearer`. */
  readonly authorization?: Authorization;
  readonly oauth2?: OAuth2;
  readonly tls: TlsConfig;
  readonly followRedirects: boolean;
  readonly enableHttp2: boolean;
  readonly proxy: ProxyConfig;
  readonly httpHeaders: Readonly<Record<string, HeaderValues>>;
}

export interface BasicAuth {
  readonly username?: string;
  readonly usernameFile?: string;
  readonly password?: Secret;
  readonly passwordFile?: string;
}

export interface Authorization {
  readonly type: string;
  readonly credentials?: Secret;
  readonly credentialsFile?: string;
}

export interface OAuth2 {
  readonly clientId: string;
  readonly clientSecret?: Secret;
  readonly clientSecretFile?: string;
  readonly scopes: readonly string[];
  readonly tokenUrl: string;
  readonly endpointParams: Readonly<Record<string, string>>;
  readonly tls: TlsConfig;
  readonly proxy: ProxyConfig;
}

export interface TlsConfig {
  readonly ca?: string;
  readonly caFile?: string;
  readonly cert?: string;
  readonly certFile?: string;
  readonly key?: Secret;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
}

export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

export interface ProxyConfig {
  /** A proxy's URL may carry a password, hence a secret. */
  readonly url?: Secret;
  readonly noProxy?: string;
  readonly fromEnvironment: boolean;
  readonly connectHeader: Readonly<Record<string, readonly Secret[]>>;
}

export interface HeaderValues {
  readonly values: readonly string[];
  readonly secrets: readonly Secret[];
  readonly files: readonly string[];
}

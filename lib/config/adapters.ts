import type { HttpClientConfig, KubernetesServer } from "./configuration.ts";
import type { Secret } from "./secret.ts";

/** An entry of `adapters`: the metrics APIs of one cluster (design §3.7). Durations are milliseconds. */
export interface AdapterSettings {
  /** A name of `clusters`, else what its registry and its metrics in the model store are kept under. */
  readonly cluster: string;
  /** In lower case, without a port; matched on the Host header. */
  readonly host: string;
  /** Where the API server is asked: `kubeconfig_file`, else as the cluster of that name is, else the cluster around us. */
  readonly access: KubernetesServer;
  /** prometheus-adapter's file; none without a Prometheus. */
  readonly rulesFile?: string;
  /** None: metrics come from the model store. */
  readonly prometheus?: PrometheusSettings;
  readonly relistInterval: number;
  /** How far back series are looked for. */
  readonly maxAge: number;
  readonly listen?: string;
  readonly tls?: AdapterTls;
}

export interface PrometheusSettings {
  /** With a path prefix if it has one. */
  readonly url: string;
  readonly verb: "GET" | "POST";
  readonly httpClient: HttpClientConfig;
  readonly sigv4?: Sigv4Settings;
}

/** As Prometheus's remote write has it. Without keys the function's own identity signs, or the role's. */
export interface Sigv4Settings {
  readonly region: string;
  /** `aps` unless told otherwise. */
  readonly service: string;
  readonly accessKey?: string;
  readonly secretKey?: Secret;
  readonly roleArn?: string;
}

/** How the aggregator is met; local run and container only, but for the CA and the names. */
export interface AdapterTls {
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Absent: read from the cluster. */
  readonly requestheaderClientCaFile?: string;
  /** None: any name that the CA signed. */
  readonly requestheaderAllowedNames: readonly string[];
}

import type { TlsConfig } from "../configuration.ts";
import type { Secret } from "../secret.ts";

/** `metrics` of the settings (design §3.7): Heapster's flags (spec A1). Durations are milliseconds. */
export interface MetricsSettings {
  /** Between batches: whole minutes, since that is how often a schedule can fire; where the program runs by itself also less. */
  readonly resolution: number;
  /** At least one. */
  readonly sources: readonly SourceSettings[];
  /** In their order; a `metric` sink is last unless it is written or disabled. */
  readonly sinks: readonly SinkSettings[];
  /** One of `sinks`, which can tell of the past. */
  readonly historicalSource?: HistoricalSettings;
  /** How long a sink may take over a batch before the batch is lost for it. */
  readonly sinkTimeout: number;
  /** False: `/api/v1/metric-export` has nothing. */
  readonly exports: boolean;
  readonly labels: LabelSettings;
}

/** How a pod's or node's own labels become the label `labels` (spec A3.2). */
export interface LabelSettings {
  readonly separator: string;
  /** Left out of the joined text. */
  readonly ignored: readonly string[];
  /** Also copied to a label of their own: from the source's name to ours. */
  readonly stored: ReadonlyMap<string, string>;
}

/** Milliseconds, as upstream (spec A1). */
export const shortestResolution = 5_000;

export const sourceKinds = ["kubernetes", "kubernetes.summary_api"] as const;
export type SourceKind = (typeof sourceKinds)[number];

export const nodePlaces = ["list", "pool"] as const;

/** Whose kubelets are asked, and how (spec A1, A2). */
export interface SourceSettings {
  readonly kind: SourceKind;
  readonly cluster: SourceCluster;
  readonly kubelet: KubeletSettings;
  /** Who says which nodes there are: the API server, or the groups that jobs with the role `node` have in the pool. */
  readonly nodesFrom: (typeof nodePlaces)[number];
  /** A node annotation that tells the host's id, for `kubernetes.summary_api`. */
  readonly hostIdAnnotation: string;
}

/** `server`, if there is one, stands in for the address that the credentials name. */
export type SourceCluster =
  /** As a discovery block without an API server: each Kubernetes cluster of the settings whose name fits, else the one around us. */
  | { readonly kind: "settings"; readonly glob: string }
  /** The cluster of the settings with this API server, else the mounted credentials. */
  | { readonly kind: "server"; readonly server: string }
  | { readonly kind: "kubeconfig"; readonly file: string; readonly server?: string }
  /** Nothing but an address: no credentials, or the mounted token alone. */
  | {
      readonly kind: "bare";
      readonly server: string;
      readonly serviceAccount: boolean;
      readonly insecure: boolean;
    };

export interface KubeletSettings {
  readonly port: number;
  readonly https: boolean;
  /** Its certificate is not verified. */
  readonly insecure: boolean;
  /** Through the API server's node proxy, which knows the port and speaks for us; ours to say, not Heapster's. */
  readonly proxy: boolean;
}

/** Every kind of sink; one file in this folder per kind that takes options. */
export type SinkSettings =
  | { readonly kind: "log" | "metric" | "eventbridge" }
  | InfluxSettings
  | RemoteWriteSettings
  | KafkaSettings
  | OpenTsdbSettings
  | ElasticsearchSettings;

export type HistoricalSettings = InfluxSettings;

/** Spec A8. */
export interface InfluxSettings {
  readonly kind: "influxdb";
  /** `http://host:port` or `https://host:port`. */
  readonly server: string;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  /** InfluxDB's own duration text; `0` keeps points for ever. */
  readonly retention: string;
  /** A metric's first part is the measurement and the rest the field, instead of a measurement per metric. */
  readonly withFields: boolean;
  readonly insecureTls: boolean;
  /** Undefined: the cluster's name in the settings, else `default`. */
  readonly clusterName?: string;
  /** Counters that a rate is made of are left out. */
  readonly withoutCounters: boolean;
  /** Requests at the same time. */
  readonly concurrency: number;
}

export interface LoginSettings {
  readonly username: string;
  readonly password: Secret;
}

/** Prometheus remote write, version 1. */
export interface RemoteWriteSettings {
  readonly kind: "prometheus";
  readonly url: string;
  /** Before each metric's name. */
  readonly prefix: string;
  /** Undefined: the cluster's name in the settings, else `default`. */
  readonly clusterName?: string;
  readonly login?: LoginSettings;
  /** A bearer token, instead of a login. */
  readonly token?: Secret;
  readonly insecureTls: boolean;
}

export const kafkaCompressions = ["none", "gzip", "snappy", "lz4"] as const;

/** Spec A9 `kafka`. */
export interface KafkaSettings {
  readonly kind: "kafka";
  /** Each `host:port`; at least one. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly compression: (typeof kafkaCompressions)[number];
  /** Undefined: without TLS. */
  readonly tls?: TlsConfig;
  /** SASL PLAIN. */
  readonly login?: LoginSettings;
}

/** Spec A9 `opentsdb`. */
export interface OpenTsdbSettings {
  readonly kind: "opentsdb";
  readonly server: string;
  /** The tag `cluster`. */
  readonly cluster: string;
}

export const elasticsearchVersions = ["2", "5", "8"] as const;

/** Spec A9 `elasticsearch`. */
export interface ElasticsearchSettings {
  readonly kind: "elasticsearch";
  /** URLs of nodes that are asked in turn; at least one. */
  readonly nodes: readonly string[];
  /** What names of indexes and aliases begin with. */
  readonly index: string;
  /** 8 stands for all that know no document types. */
  readonly version: (typeof elasticsearchVersions)[number];
  /** An ingest pipeline; empty for none. */
  readonly pipeline: string;
  readonly clusterName?: string;
  readonly login?: LoginSettings;
}
